/* SPDX-License-Identifier: Apache-2.0 */
/* metric: answers, bits a character and speech decisions, see metric.h. */
#include "metric.h"

#include <math.h>
#include <stdio.h>

static double value_of(const struct demo_work *work, int8_t byte) {
  const struct trine_model_end *end = &work->info->output;
  return ((double)byte - end->zero_point) * (double)end->scale;
}

/* Index of the largest sum over rows first..last of one sequence. */
static uint32_t answer(const struct demo_work *work, uint32_t sequence, uint32_t first,
                       uint32_t last) {
  const int8_t *rows = work->output + sequence * work->batch.output_batch_stride;
  const uint32_t width = work->info->output.width;
  uint32_t best = 0;
  int64_t best_sum = INT64_MIN;
  for (uint32_t n = 0; n < width; n++) {
    int64_t sum = 0;
    for (uint32_t t = first; t <= last; t++) {
      sum += rows[(uint64_t)t * width + n];
    }
    if (sum > best_sum) {
      best = n;
      best_sum = sum;
    }
  }
  return best;
}

static bool count_speakers(const struct demo_work *work, struct demo_metric *metric,
                           struct trine_error *error) {
  struct trine_array labels = {.data = NULL};
  const struct demo_job *job = work->job;
  bool good = demo_read(work->folder, "vowels_y", TRINE_DTYPE_INT32, &labels, error);
  if (good && labels.count < (uint64_t)job->first + job->count) {
    trine_error_set(error, "vowels_y has fewer labels than there are utterances.");
    good = false;
  }
  for (uint32_t n = 0; good && n < work->batch.sequences; n++) {
    const uint32_t last = (uint32_t)((const int32_t *)work->valid.data)[job->first + n] - 1;
    const uint32_t first = metric->task == DEMO_TASK_SPEAKER_SUM ? 0 : last;
    const int32_t label = ((const int32_t *)labels.data)[job->first + n];
    metric->right += answer(work, n, first, last) == (uint32_t)label;
    metric->total++;
  }
  trine_array_free(&labels);
  return good;
}

static bool count_bits(const struct demo_work *work, struct demo_metric *metric,
                       struct trine_error *error) {
  struct trine_array next = {.data = NULL};
  const uint32_t width = work->info->output.width;
  bool good = demo_read(work->folder, "chars_y", TRINE_DTYPE_UINT8, &next, error);
  if (good && next.count < work->steps) {
    trine_error_set(error, "chars_y has fewer characters than there are outputs.");
    good = false;
  }
  for (uint64_t row = 0; good && row < (uint64_t)work->steps * work->batch.sequences; row++) {
    const int8_t *bytes = work->output + row * width;
    const uint8_t symbol = ((const uint8_t *)next.data)[row % work->steps];
    double sum = exp(value_of(work, bytes[0]));
    for (uint32_t n = 1; n < width; n++) {
      sum += exp(value_of(work, bytes[n]));
    }
    metric->bits += log2(sum) - value_of(work, bytes[symbol % width]) / log(2.0);
    metric->total++;
  }
  trine_array_free(&next);
  return good;
}

/* Arrays of the voice detector's head, which runs on the host. */
enum { HEAD_W, HEAD_B, HEAD_WANT, HEAD_ARRAYS };

static bool count_decisions(const struct demo_work *work, struct demo_metric *metric,
                            struct trine_error *error) {
  static const char *const names[HEAD_ARRAYS] = {"vad_head_w", "vad_head_b", "vad_prob"};
  const uint32_t width = work->info->output.width;
  const uint64_t least[HEAD_ARRAYS] = {width, 1, work->steps};
  struct trine_array head[HEAD_ARRAYS] = {{.data = NULL}};
  bool good = true;
  for (int n = 0; n < HEAD_ARRAYS && good; n++) {
    good = demo_read(work->folder, names[n], TRINE_DTYPE_FLOAT32, &head[n], error);
    if (good && head[n].count < least[n]) {
      trine_error_set(error, "%s has too few values.", names[n]);
      good = false;
    }
  }
  for (uint64_t row = 0; good && row < (uint64_t)work->steps * work->batch.sequences; row++) {
    double sum = (double)((const float *)head[HEAD_B].data)[0];
    for (uint32_t n = 0; n < width; n++) {
      const double h = value_of(work, work->output[row * width + n]);
      sum += (double)((const float *)head[HEAD_W].data)[n] * (h > 0 ? h : 0);
    }
    /* sigmoid(sum) > 0.5 is sum > 0. */
    const float want = ((const float *)head[HEAD_WANT].data)[row % work->steps];
    metric->right += (sum > 0) == (want > 0.5F);
    metric->total++;
  }
  for (int n = 0; n < HEAD_ARRAYS; n++) {
    trine_array_free(&head[n]);
  }
  return good;
}

bool demo_metric(const struct demo_work *work, struct demo_metric *metric,
                 struct trine_error *error) {
  *metric = (struct demo_metric){.task = work->job->task};
  switch (work->job->task) {
    case DEMO_TASK_CHARS:
      return count_bits(work, metric, error);
    case DEMO_TASK_SPEECH:
      return count_decisions(work, metric, error);
    default:
      return count_speakers(work, metric, error);
  }
}

static int one_text(const struct demo_metric *metric, char *text, size_t size) {
  if (metric->task == DEMO_TASK_CHARS) {
    return snprintf(text, size, "%.4f bits a character", metric->bits / (double)metric->total);
  }
  return snprintf(text, size, "%llu of %llu %s", (unsigned long long)metric->right,
                  (unsigned long long)metric->total,
                  metric->task == DEMO_TASK_SPEECH ? "frames" : "right");
}

void demo_metric_text(const struct demo_metric *metrics, uint32_t count, char *text, size_t size) {
  struct demo_metric sum = metrics[0];
  for (uint32_t n = 1; n < count && metrics[n].task == sum.task; n++) {
    sum.right += metrics[n].right;
    sum.total += metrics[n].total;
    sum.bits += metrics[n].bits;
  }
  int used = one_text(&sum, text, size);
  for (uint32_t n = 1; n < count && metrics[n].task != sum.task; n++) {
    if (used > 0 && (size_t)used + 2 < size) {
      used += snprintf(text + used, size - (size_t)used, ", ");
      used += one_text(&metrics[n], text + used, size - (size_t)used);
    }
  }
}
