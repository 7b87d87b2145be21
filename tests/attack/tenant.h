/* SPDX-License-Identifier: Apache-2.0 */
/* tenant: an honest user of some cores: a small random network, a batch, and what the golden model
 * makes of it. Failures end the running Check test. */
#ifndef TRINE_ATTACK_TENANT_H
#define TRINE_ATTACK_TENANT_H

#include "bench.h"
#include "support/checked/driver_case.h"

struct tenant {
  struct driver_case network;
  struct driver_batch batch;
  struct trine_job_options options;
  struct driver_job job;
  bool has_job;
  uint64_t alone; /* cycles of a run that loads, before there was any attacker; 0: not measured */
  uint64_t least; /* of one that does not */
};

/* What a tenant's network and batch are drawn from. */
struct tenant_size {
  uint32_t lstms, max_units, sequences, max_steps;
  bool has_dense, has_state;
};

void tenant_make(struct tenant *tenant, struct seed_stream *stream, const struct tenant_size *size,
                 enum trine_mode mode, uint32_t core_mask);
void tenant_free(struct tenant *tenant);

/* A job that loads everything itself; the one before, if any, is forgotten. */
void tenant_job(struct tenant *tenant, struct trine *device);
void tenant_forget(struct tenant *tenant);

/* Starts the job, its output spoilt first. */
void tenant_start(struct tenant *tenant, struct bench *bench);
/* Takes the results of a job that has ended: OK and, byte for byte, the golden model's. */
void tenant_take(struct tenant *tenant, struct bench *bench, const char *who);

#endif
