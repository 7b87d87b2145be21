/* SPDX-License-Identifier: Apache-2.0 */
/* report_json: the summary of a run as one JSON object, see report.h. */
#include <cjson/cJSON.h>
#include <stdio.h>

#include "print.h"
#include "report.h"
#include "trine_regs.h"

static void add_placement(cJSON *object, const struct cli_work *work) {
  cJSON *layers = cJSON_AddArrayToObject(object, "placement");
  for (uint32_t n = 0; n < work->info->layer_count; n++) {
    const struct trine_model_layer *layer = trine_model_layer(work->model, n);
    const struct trine_network_plan *segment = &work->plan.networks[layer->segment];
    cJSON *entry = cJSON_CreateObject();
    cJSON_AddItemToArray(layers, entry);
    cJSON_AddStringToObject(entry, "layer", layer->name);
    cJSON_AddNumberToObject(entry, "core_mask",
                            trine_session_core_mask(work->session, layer->segment));
    cJSON_AddNumberToObject(entry, "jobs", segment->jobs);
    cJSON *slices = cJSON_AddArrayToObject(entry, "slices");
    for (uint32_t rank = 0; rank < segment->placement.ranks; rank++) {
      const struct trine_slice slice = segment->placement.slice[layer->network_layer][rank];
      if (slice.count > 0) {
        cJSON *part = cJSON_CreateObject();
        cJSON_AddItemToArray(slices, part);
        cJSON_AddNumberToObject(part, "rank", rank);
        cJSON_AddNumberToObject(part, "first", slice.first);
        cJSON_AddNumberToObject(part, "units", slice.count);
      }
    }
  }
}

static void add_lost(cJSON *object, const struct cli_work *work, const struct trine_stats *stats) {
  static const struct {
    enum trine_count counter;
    const char *name;
  } causes[] = {{TRINE_COUNT_INPUT, "input"}, {TRINE_COUNT_H, "h"},
                {TRINE_COUNT_ROOM, "room"},   {TRINE_COUNT_TAIL, "tail"},
                {TRINE_COUNT_BUS, "bus"},     {TRINE_COUNT_MEMORY, "memory"},
                {TRINE_COUNT_IDLE, "idle"},   {TRINE_COUNT_SWITCH, "switch"}};
  cJSON *lost = cJSON_AddArrayToObject(object, "lost");
  for (uint32_t rank = 0; rank < work->plan.cores; rank++) {
    cJSON *core = cJSON_CreateObject();
    cJSON_AddItemToArray(lost, core);
    cJSON_AddNumberToObject(core, "rank", rank);
    cJSON_AddNumberToObject(core, "cycles", (double)stats->counters[rank][TRINE_COUNT_CYCLES]);
    cJSON_AddNumberToObject(core, "mac", (double)stats->counters[rank][TRINE_COUNT_MAC]);
    for (size_t n = 0; n < sizeof causes / sizeof causes[0]; n++) {
      cJSON_AddNumberToObject(core, causes[n].name,
                              (double)stats->counters[rank][causes[n].counter]);
    }
  }
}

/* The keys of one run, in `object`. */
static void add_work(cJSON *object, const struct cli_report *report, const struct cli_work *work,
                     const struct trine_check *check) {
  const bool known = report->device->trine != NULL;
  const struct trine_info *info = known ? trine_get_info(report->device->trine) : NULL;
  const struct trine_stats stats = cli_total_stats(work);
  cJSON_AddStringToObject(object, "model", work->files->model);
  cJSON_AddStringToObject(object, "device", trine_device_kind_name(report->device->kind));
  cJSON_AddStringToObject(object, "config", report->device->config);
  cli_json_known(object, "cores", (double)work->plan.cores, known);
  cli_json_known(object, "macs_per_core", known ? info->lanes * info->macs_per_lane : 0, known);
  if (known) {
    cJSON_AddStringToObject(object, "mode", cli_mode_name((enum cli_mode)work->plan.mode));
    add_placement(object, work);
  } else {
    cJSON_AddNullToObject(object, "mode");
    cJSON_AddNullToObject(object, "placement");
  }
  cJSON_AddNumberToObject(object, "steps", work->steps);
  cJSON_AddNumberToObject(object, "batch", work->batch);
  uint64_t clamped = 0;
  for (uint32_t n = 0; n < work->info->input_count; n++) {
    clamped += work->clamped[n].clamped;
  }
  cJSON_AddNumberToObject(object, "input_clamped", (double)clamped);
  cli_json_known(object, "cycles", (double)stats.cycles, known);
  cli_json_known(object, "load_cycles", (double)stats.load_cycles, known);
  cJSON_AddNumberToObject(object, "macs", (double)stats.macs);
  cli_json_known(object, "limit_cycles", (double)stats.limit_cycles, known);
  if (known && stats.cycles > 0) {
    cJSON_AddNumberToObject(object, "utilisation",
                            (double)stats.limit_cycles / (double)stats.cycles);
  } else {
    cJSON_AddNullToObject(object, "utilisation");
  }
  if (known) {
    add_lost(object, work, &stats);
  } else {
    cJSON_AddNullToObject(object, "lost");
  }
  const uint64_t predicted = known ? trine_model_plan_cycles(&work->plan) : TRINE_NO_FORECAST;
  cli_json_known(object, "predicted_cycles", (double)predicted, predicted != TRINE_NO_FORECAST);
  if (check != NULL) {
    cJSON_AddBoolToObject(object, "exact", check->exact);
    cJSON_AddNumberToObject(object, "values_compared", (double)check->values);
  }
}

static void add_jobs(cJSON *object, const struct cli_report *report) {
  const bool known = report->device->trine != NULL;
  uint64_t longest = 0;
  cJSON *jobs = cJSON_AddArrayToObject(object, "jobs");
  for (uint32_t n = 0; n < report->count; n++) {
    cJSON *job = cJSON_CreateObject();
    cJSON_AddItemToArray(jobs, job);
    add_work(job, report, &report->works[n], report->checks == NULL ? NULL : &report->checks[n]);
    const uint64_t cycles = cli_total_stats(&report->works[n]).cycles;
    longest = cycles > longest ? cycles : longest;
  }
  cli_json_known(object, "cycles", (double)longest, known);
}

bool cli_report_json(const struct cli_report *report, struct trine_error *error) {
  cJSON *object = cJSON_CreateObject();
  if (report->options->side_by_side) {
    add_jobs(object, report);
  } else {
    add_work(object, report, &report->works[0], report->checks);
  }
  return cli_print_json(object, error);
}
