/* SPDX-License-Identifier: Apache-2.0 */
/* driver_case: random networks and batches, run on a fake device and compared with the golden
 * model. */
#ifndef TRINE_DRIVER_CASE_H
#define TRINE_DRIVER_CASE_H

#include "support/fake_device.h"
#include "support/seed.h"
#include "trine.h"

/* A network on the test's heap. */
struct driver_case {
  struct trine_layer layers[8];
  struct trine_tensor tensors[6];
  struct trine_chain chains[6];
  struct trine_network network;
};

/* LSTMs one behind the other, with a dense head or without; last_only: only the last row. */
void case_stack(struct driver_case *made, struct seed_stream *stream, uint32_t lstms, bool dense,
                bool last_only, uint32_t max_units);
/* `levels` bidirectional layers one behind the other and a dense head over their last rows. */
void case_bidirectional(struct driver_case *made, struct seed_stream *stream, uint32_t levels,
                        bool dense, bool last_only, uint32_t max_units);
void case_free(struct driver_case *made);

/* A batch with its buffers; time_major: [T,B,N]. with_state: state given and wanted. */
struct driver_batch {
  struct trine_batch batch;
  uint32_t lengths[64];
  int8_t *input, *output, *expected;
  size_t output_bytes;
  struct trine_lstm_state state_in[8], state_out[8], state_expected[8];
  uint32_t layer_count;
};

void batch_create(struct driver_batch *made, struct seed_stream *stream,
                  const struct trine_network *network, uint32_t sequences, uint32_t max_steps,
                  bool time_major, bool with_state);
void batch_free(struct driver_batch *made);

/* Runs the golden model into expected and state_expected. */
void batch_expect(struct driver_batch *made, const struct trine_network *network);
/* Fails the test unless output and states are those expected. */
void batch_compare(const struct driver_batch *made, const struct trine_network *network,
                   const char *what);

/* Parameters by name: "nano", "duo" (smaller buffers), "odd" (16 lanes, narrow bus), "octo". */
struct fake_params case_params(const char *name);

/* A job with memory of its own; fails the test if it cannot be made. */
struct driver_job {
  void *memory;
  struct trine_job *job;
};
void job_create(struct driver_job *made, struct trine *device, const struct trine_network *network,
                const struct trine_job_options *options);
void job_free(struct driver_job *made);

/* Opens a fake device, handle from malloc. */
struct trine *case_open(struct fake_device *fake);

#endif
