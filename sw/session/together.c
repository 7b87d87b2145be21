/* SPDX-License-Identifier: Apache-2.0 */
/* together: several sessions at once without threads, see session.h.
 *
 * The runner of one model's network runs the next model, inside; the innermost finds everybody's
 * batch prepared, starts all and waits for all. On the way out each model goes on with what comes
 * after its network. */
#include "session/model_plan.h"
#include "session/session_parts.h"

struct together {
  struct trine_session *const *sessions;
  const struct trine_model_batch *batches;
  uint32_t count, level;
  struct trine_batch prepared[TRINE_MAX_CORES];
  struct trine_replicas *spreads[TRINE_MAX_CORES];
};

static enum trine_status run_level(struct together *together, struct trine_error *error);

/* Each model's batch on all its jobs. Cores are never shared, so there are no more jobs than cores;
 * those of a replicas that are too many here are refused by the driver. */
static enum trine_status start_and_wait(struct together *together, struct trine_error *error) {
  struct trine_job *jobs[TRINE_MAX_CORES * TRINE_MAX_CORES];
  const struct trine_batch *batches[TRINE_MAX_CORES * TRINE_MAX_CORES];
  uint32_t counts[TRINE_MAX_CORES], all = 0;
  for (uint32_t n = 0; n < together->count; n++) {
    counts[n] =
        trine_replicas_cut(together->spreads[n], &together->prepared[n], jobs + all, batches + all);
    all += counts[n];
  }
  enum trine_status status = trine_jobs_start(jobs, batches, all);
  if (status != TRINE_OK) {
    session_explain(together->sessions[0], status, error);
    return status;
  }
  enum trine_status first = TRINE_OK;
  for (uint32_t n = 0; n < together->count; n++) {
    status = trine_replicas_wait(together->spreads[n], counts[n]);
    if (status == TRINE_OK) {
      trine_stats_add(&together->sessions[n]->stats, trine_replicas_stats(together->spreads[n]));
    } else if (first == TRINE_OK) {
      first = status;
      session_explain(together->sessions[n], status, error);
    }
  }
  return first;
}

static enum trine_status run_nested(void *context, uint32_t index,
                                    const struct trine_network *network,
                                    const struct trine_batch *batch, struct trine_error *error) {
  struct together *together = context;
  const uint32_t level = together->level;
  (void)network;
  together->prepared[level] = *batch;
  together->spreads[level] = together->sessions[level]->segments[index].replicas;
  if (level + 1 == together->count) {
    return start_and_wait(together, error);
  }
  together->level = level + 1;
  return run_level(together, error);
}

static enum trine_status run_level(struct together *together, struct trine_error *error) {
  return session_run_by(together->sessions[together->level], &together->batches[together->level],
                        run_nested, together, error);
}

enum trine_status trine_sessions_run(struct trine_session *const *sessions,
                                     const struct trine_model_batch *batches, uint32_t count,
                                     struct trine_error *error) {
  if (sessions == NULL || batches == NULL || count < 1 || count > TRINE_MAX_CORES) {
    trine_error_set(error, "1 to %d sessions with a batch each run side by side, not %u.",
                    TRINE_MAX_CORES, sessions == NULL || batches == NULL ? 0 : count);
    return TRINE_ERR_ARG;
  }
  for (uint32_t n = 0; n < count; n++) {
    if (sessions[n] == NULL || sessions[n]->device == NULL ||
        sessions[n]->device != sessions[0]->device) {
      trine_error_set(error, "Session %u is not open on the device of the first; all have to be.",
                      n);
      return TRINE_ERR_ARG;
    }
    const uint32_t networks = trine_model_network_count(sessions[n]->model);
    if (networks != 1) {
      trine_error_set(error, "Model %u is %u networks; side by side each model has to be one.", n,
                      networks);
      return TRINE_ERR_ARG;
    }
  }
  struct together together = {.sessions = sessions, .batches = batches, .count = count};
  return run_level(&together, error);
}
