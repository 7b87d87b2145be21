/* SPDX-License-Identifier: Apache-2.0 */
/* report: the summary of a run as text, see report.h. */
#include "report.h"

#include <stdio.h>

#include "io/text.h"
#include "print.h"
#include "trine_regs.h"

struct trine_stats cli_total_stats(const struct cli_work *work) {
  struct trine_stats sum = *trine_session_stats(work->session);
  sum.cores = work->plan.cores;
  sum.steps = work->total_steps;
  return sum;
}

static void print_placement(const struct cli_work *work) {
  for (uint32_t n = 0; n < work->info->layer_count; n++) {
    const struct trine_model_layer *layer = trine_model_layer(work->model, n);
    const struct trine_placement *placement = &work->plan.networks[layer->segment].placement;
    cli_print("  %-20.40s %s %u-%u on", layer->name,
              layer->kind == TRINE_LAYER_LSTM ? "LSTM" : "dense", layer->inputs, layer->units);
    if (work->plan.networks[layer->segment].network == NULL) {
      cli_print(" the host (cell 2^%d)", layer->layer->cell_exponent);
    }
    for (uint32_t rank = 0; rank < placement->ranks; rank++) {
      const struct trine_slice slice = placement->slice[layer->network_layer][rank];
      if (slice.count > 0) {
        const uint32_t last = (uint32_t)slice.first + slice.count - 1;
        cli_print(" rank %u (units %u..%u)", rank, slice.first, last);
      }
    }
    cli_print("\n");
  }
}

/* The end of the line of the mode: whether the sequences went to several jobs. */
static void print_jobs(const struct cli_work *work) {
  uint32_t jobs = 1;
  for (uint32_t n = 0; n < work->info->segment_count; n++) {
    jobs = work->plan.networks[n].jobs > jobs ? work->plan.networks[n].jobs : jobs;
  }
  if (jobs > 1) {
    cli_print(", %u jobs with sequences of their own", jobs);
  }
  cli_print("\n");
}

static void print_lost(const struct cli_work *work, const struct trine_stats *stats) {
  static const char *const names[] = {
      [TRINE_COUNT_INPUT] = "input", [TRINE_COUNT_H] = "h",
      [TRINE_COUNT_ROOM] = "room",   [TRINE_COUNT_TAIL] = "tail",
      [TRINE_COUNT_BUS] = "bus",     [TRINE_COUNT_MEMORY] = "memory",
      [TRINE_COUNT_IDLE] = "idle",   [TRINE_COUNT_SWITCH] = "switch"};
  for (uint32_t rank = 0; rank < work->plan.cores; rank++) {
    const uint64_t *counters = stats->counters[rank];
    const double cycles =
        counters[TRINE_COUNT_CYCLES] == 0 ? 1 : (double)counters[TRINE_COUNT_CYCLES];
    cli_print("  rank %-2u busy %5.1f %%, lost to", rank,
              100.0 * (double)counters[TRINE_COUNT_MAC] / cycles);
    for (uint32_t n = TRINE_COUNT_INPUT; n <= TRINE_COUNT_SWITCH; n++) {
      cli_print(" %s %.1f", names[n], 100.0 * (double)counters[n] / cycles);
    }
    cli_print("\n");
  }
}

/* Of each input that was clamped; its name where there are several. */
static void print_clamped(const struct cli_work *work) {
  char a[TRINE_TEXT_NUMBER], b[TRINE_TEXT_NUMBER], name[TRINE_TEXT_ROOM];
  for (uint32_t n = 0; n < work->info->input_count; n++) {
    const struct trine_model_clamped *clamped = &work->clamped[n];
    const bool several = work->info->input_count > 1;
    if (clamped->clamped == 0) {
      continue;
    }
    cli_print("  input%s%s: %s of %s values (%.3g %%) are outside of %g to %g and were clamped\n",
              several ? " " : "",
              trine_text_of(name, 60, several ? work->info->inputs[n].name : NULL),
              trine_text_number(a, clamped->clamped), trine_text_number(b, clamped->values),
              100.0 * (double)clamped->clamped / (double)clamped->values, (double)clamped->low,
              (double)clamped->high);
  }
}

static void print_work(const struct cli_report *report, const struct cli_work *work,
                       const struct trine_check *check) {
  char a[TRINE_TEXT_NUMBER], b[TRINE_TEXT_NUMBER], c[TRINE_TEXT_NUMBER];
  const struct trine_stats stats = cli_total_stats(work);
  cli_print("%s: %u layers, %u x %u steps\n", work->files->model, work->info->layer_count,
            work->batch, work->steps);
  if (report->device->kind == TRINE_DEVICE_GOLDEN) {
    cli_print("  golden model, %s MACs\n", trine_text_number(a, stats.macs));
  } else {
    const struct trine_info *info = trine_get_info(report->device->trine);
    cli_print("  mode %s on %u of %u cores of %u MACs (%s)",
              cli_mode_name((enum cli_mode)work->plan.mode), work->plan.cores, info->cores,
              info->lanes * info->macs_per_lane, report->device->config);
    print_jobs(work);
    print_placement(work);
    const uint64_t predicted = trine_model_plan_cycles(&work->plan);
    cli_print("  cycles %s, predicted %s, loads %s\n", trine_text_number(a, stats.cycles),
              predicted == TRINE_NO_FORECAST ? "-" : trine_text_number(b, predicted),
              trine_text_number(c, stats.load_cycles));
    cli_print("  MACs %s, utilisation %.3f\n", trine_text_number(a, stats.macs),
              stats.cycles == 0 ? 0.0 : (double)stats.limit_cycles / (double)stats.cycles);
    print_lost(work, &stats);
  }
  print_clamped(work);
  if (check != NULL) {
    cli_print("  %s: %s values compared with the golden model\n",
              check->exact ? "exact" : "NOT EXACT", trine_text_number(a, check->values));
  }
  if (work->files->output != NULL) {
    cli_print("  output in %s\n", work->files->output);
  }
}

void cli_report_text(const struct cli_report *report) {
  uint64_t longest = 0;
  for (uint32_t n = 0; n < report->count; n++) {
    print_work(report, &report->works[n], report->checks == NULL ? NULL : &report->checks[n]);
    const uint64_t cycles = cli_total_stats(&report->works[n]).cycles;
    longest = cycles > longest ? cycles : longest;
  }
  if (report->options->side_by_side && report->device->kind != TRINE_DEVICE_GOLDEN) {
    char text[TRINE_TEXT_NUMBER];
    cli_print("%u jobs side by side: %s cycles from the first start to the last end\n",
              report->count, trine_text_number(text, longest));
  }
}
