/* SPDX-License-Identifier: Apache-2.0 */
/* session_parts: what the files of session/session.h share. */
#ifndef TRINE_SESSION_PARTS_H
#define TRINE_SESSION_PARTS_H

#include "golden/golden.h"
#include "session/replicas.h"
#include "session/session.h"

/* What runs the network of one segment; empty where the host operates. */
struct session_segment {
  struct trine_replicas *replicas;
  struct trine_golden *golden;
  uint32_t jobs;
};

struct trine_session {
  const struct trine_model *model;
  struct trine *device; /* NULL: golden */
  struct trine_connection *connection;
  uint32_t segment_count;
  struct session_segment *segments;
  struct trine_stats stats;
  struct trine_model *own_model; /* of trine_session_open_file, else NULL */
  struct trine_connection *own_connection;
};

/* Runs a batch, checked, by a runner of the caller's; states are the caller's once all is done. */
enum trine_status session_run_by(struct trine_session *session,
                                 const struct trine_model_batch *batch, trine_network_runner runner,
                                 void *context, struct trine_error *error);

/* Puts what the driver and what is below it said into the error. */
void session_explain(const struct trine_session *session, enum trine_status status,
                     struct trine_error *error);

#endif
