/* SPDX-License-Identifier: Apache-2.0 */
/* notes: constant, one-sided and padded calibration data; see notes.h. */
#include "quantize/notes.h"

#include <float.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "io/text.h"
#include "model/rounding.h"
#include "quantize/write.h"

/* Rows alike at a sequence's end that look like padding: of several numbers each, of one. */
enum { ALIKE_ROWS = 2, ALIKE_NUMBERS = 4 };

__attribute__((format(printf, 2, 3))) static void note(struct trine_quantized *made,
                                                       const char *format, ...) {
  if (made->note_count >= TRINE_QUANTIZE_MAX_NOTES) {
    return;
  }
  char *text = made->notes[made->note_count++];
  va_list args;
  va_start(args, format);
  (void)vsnprintf(text, TRINE_QUANTIZE_NOTE, format, args);
  va_end(args);
  trine_text_clean(text);
}

/* Least and most of the rows that count. */
static void find_span(const struct trine_float_value *value, const struct trine_float_batch *batch,
                      const float *data, float *low, float *high) {
  const size_t steps = trine_float_rows(value, batch->steps), width = value->width;
  *low = INFINITY;
  *high = -INFINITY;
  for (uint32_t b = 0; b < batch->sequences; b++) {
    const size_t length =
        trine_float_rows(value, batch->lengths != NULL ? batch->lengths[b] : batch->steps);
    for (size_t n = 0; n < length * width; n++) {
      *low = fminf(*low, data[b * steps * width + n]);
      *high = fmaxf(*high, data[b * steps * width + n]);
    }
  }
}

static void note_input(const struct trine_float_network *network, uint32_t entry,
                       const struct trine_float_batch *batch, const float *data,
                       struct trine_quantized *made) {
  const struct trine_float_value *input = &network->values[entry];
  char of[TRINE_TEXT_ROOM] = ""; /* which, where there are several */
  float low = 0, high = 0;
  if (network->input_count > 1) {
    (void)snprintf(of, sizeof of, " of %.40s", input->name);
  }
  find_span(input, batch, data, &low, &high);
  if (fmaxf(fabsf(low), fabsf(high)) / 255.0F < FLT_MIN) {
    note(made, "the calibration data%s are all zero: the input's scale is 1/128, not one of data",
         of);
  } else if (low == high) {
    note(made, "the calibration data%s are constant (%g): one value says nothing of a range", of,
         (double)low);
  } else if (low >= 0.0F || high <= 0.0F) {
    note(
        made,
        "the calibration data%s are one-sided (%g to %g): values %s 0 become 0 when the model runs",
        of, (double)low, (double)high, low >= 0.0F ? "below" : "above");
  }
}

/* Sequences whose last rows are all alike, though no lengths were given. */
static void note_padding(const struct trine_float_value *input,
                         const struct trine_float_batch *batch, const float *data,
                         struct trine_quantized *made) {
  const size_t width = input->width, steps = batch->steps;
  const size_t enough = width == 1 ? ALIKE_NUMBERS : ALIKE_ROWS;
  uint32_t padded = 0, first = 0;
  size_t rows = 0;
  for (uint32_t b = 0; b < batch->sequences; b++) {
    const float *last = data + ((size_t)b + 1) * steps * width - width;
    size_t alike = 1;
    while (alike < steps && memcmp(last - alike * width, last, width * sizeof *last) == 0) {
      alike++;
    }
    if (alike >= enough && alike < steps) {
      first = padded == 0 ? b : first;
      rows = padded == 0 ? alike : rows;
      padded++;
    }
  }
  if (padded > 0) {
    note(made,
         "%u of %u sequences end in rows that are all alike (sequence %u: the last %zu); if that "
         "is padding, leave it out with lengths",
         padded, batch->sequences, first, rows);
  }
}

/* Layers that calibration never moved. */
static void note_layers(const struct trine_float_network *network,
                        const struct trine_float_batch *batch, const struct ranges *ranges,
                        struct trine_quantized *made) {
  for (uint32_t n = 0; n < network->node_count; n++) {
    const struct trine_float_node *node = &network->nodes[n];
    const bool is_layer = node->op == TRINE_FLOAT_LSTM || node->op == TRINE_FLOAT_DENSE;
    float low = 0, high = 0;
    if (!is_layer) {
      continue;
    }
    find_span(&network->values[node->output], batch, ranges->floats[node->output], &low, &high);
    if (fmaxf(fabsf(low), fabsf(high)) / 255.0F < FLT_MIN) {
      note(made,
           "the output of layer %.60s is all zero on the calibration data: its scale is 1/128",
           node->name);
    }
  }
}

/* Rows of an embedding that calibration did not look up may lie beyond the range it showed. */
static void note_table(const struct trine_float_network *network, uint32_t input,
                       const struct ranges *ranges, struct trine_quantized *made) {
  const struct trine_float_matrix *table = NULL;
  const struct quant_value *quant = &ranges->values[quantize_entry(network, input, &table)];
  const struct trine_rounding byte = {quant->scale, quant->zero_point, INT8_MIN, INT8_MAX};
  const size_t count = table == NULL ? 0 : (size_t)table->units * table->inputs;
  size_t clamped = 0;
  for (size_t n = 0; n < count; n++) {
    clamped += trine_round_clamps(table->w[n], &byte);
  }
  if (clamped > 0) {
    note(made,
         "%zu of %zu numbers of the table (%.3g %%) are beyond the range %g to %g of the symbols "
         "seen and were clamped",
         clamped, count, 100.0 * (double)clamped / (double)count, (double)quant->low,
         (double)quant->high);
  }
}

void quantize_notes(const struct trine_float_network *network,
                    const struct trine_float_batch *batch, const struct ranges *ranges,
                    struct trine_quantized *made) {
  for (uint32_t n = 0; n < network->output_count; n++) {
    if (quantize_is_log_end(network, network->outputs[n])) {
      note(made,
           "the output %.40s comes as it is before LogSoftmax: each value less the logarithm of "
           "the sum of e^value of its row is the graph's",
           network->values[network->outputs[n]].name);
    }
  }
  for (uint32_t n = 0; n < network->input_count; n++) {
    const struct trine_float_value *input = &network->values[network->inputs[n]];
    const struct trine_float_matrix *table = NULL;
    const uint32_t entry = quantize_entry(network, n, &table);
    note_input(network, entry, batch, ranges->floats[entry], made);
    if (input->has_time && input->steps == 0 && batch->lengths == NULL) {
      note_padding(input, batch, trine_float_input(batch, n), made);
    }
  }
  note_layers(network, batch, ranges, made);
  for (uint32_t n = 0; n < network->input_count; n++) {
    note_table(network, n, ranges, made);
  }
}
