/* SPDX-License-Identifier: Apache-2.0 */
/* tenant: see tenant.h. */
#include "tenant.h"

#include <check.h>
#include <string.h>

/* Rows a window has room for; a timeout only ends what nothing else has ended. */
enum { MAX_ROWS = 64, TIMEOUT_MS = 5 };

void tenant_make(struct tenant *tenant, struct seed_stream *stream, const struct tenant_size *size,
                 enum trine_mode mode, uint32_t core_mask) {
  memset(tenant, 0, sizeof *tenant);
  case_stack(&tenant->network, stream, size->lstms, size->has_dense,
             seed_uniform(stream, 0, 4) == 0, size->max_units);
  batch_create(&tenant->batch, stream, &tenant->network.network, size->sequences, size->max_steps,
               false, size->has_state);
  batch_expect(&tenant->batch, &tenant->network.network);
  tenant->options = (struct trine_job_options){
      .mode = mode, .core_mask = core_mask, .max_rows = MAX_ROWS, .timeout_ms = TIMEOUT_MS};
}

void tenant_forget(struct tenant *tenant) {
  if (tenant->has_job) {
    job_free(&tenant->job);
  }
  tenant->has_job = false;
}

void tenant_free(struct tenant *tenant) {
  tenant_forget(tenant);
  batch_free(&tenant->batch);
  case_free(&tenant->network);
}

void tenant_job(struct tenant *tenant, struct trine *device) {
  tenant_forget(tenant);
  job_create(&tenant->job, device, &tenant->network.network, &tenant->options);
  tenant->has_job = true;
}

void tenant_start(struct tenant *tenant, struct bench *bench) {
  memset(tenant->batch.output, 0x55, tenant->batch.output_bytes);
  enum trine_status status = trine_job_start(tenant->job.job, &tenant->batch.batch);
  ck_assert_msg(status == TRINE_OK, "a tenant cannot start: %s (%s)",
                trine_last_error(bench->device), bench->ops->error(bench->sim));
}

void tenant_take(struct tenant *tenant, struct bench *bench, const char *who) {
  enum trine_status status = trine_job_wait(tenant->job.job);
  ck_assert_msg(status == TRINE_OK, "%s: %s (%s)", who, trine_last_error(bench->device),
                bench->ops->error(bench->sim));
  batch_compare(&tenant->batch, &tenant->network.network, who);
}
