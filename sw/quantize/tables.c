/* SPDX-License-Identifier: Apache-2.0 */
/* tables: see tables.h. */
#include "quantize/tables.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "quantize/write.h"

bool tables_copy(const struct trine_float_network *network, const struct ranges *ranges,
                 struct trine_quantized *made, struct trine_error *error) {
  for (uint32_t n = 0; n < network->input_count; n++) {
    const struct trine_float_matrix *table = NULL;
    struct trine_quantized_table *copy = &made->tables[n];
    const uint32_t entry = quantize_entry(network, n, &table);
    const size_t count = table == NULL ? 0 : (size_t)table->units * table->inputs;
    if (table == NULL) {
      continue;
    }
    copy->rows = malloc(count + 1);
    if (copy->rows == NULL) {
      trine_error_set(error, "There is no memory for a table of %u rows.", table->units);
      return false;
    }
    copy->symbols = table->units;
    copy->width = table->inputs;
    for (size_t k = 0; k < count; k++) {
      copy->rows[k] = quant_byte(&ranges->values[entry], table->w[k]);
    }
  }
  return true;
}

void tables_free(struct trine_quantized *made) {
  for (uint32_t n = 0; n < TRINE_FLOAT_MAX_GIVEN; n++) {
    free(made->tables[n].rows);
    made->tables[n] = (struct trine_quantized_table){.rows = NULL};
  }
}

bool tables_has(const struct trine_quantized *made, uint32_t input) {
  return made->tables[input].rows != NULL;
}

bool tables_row(const struct trine_quantized *made, uint32_t input, const float *values,
                int8_t *row, struct trine_error *error) {
  const struct trine_model_end *end = &trine_model_info(made->model)->inputs[input];
  const struct trine_quantized_table *table = &made->tables[input];
  if (table->rows == NULL) {
    trine_model_quantize(end, values, end->width, row);
    return true;
  }
  if (!(*values >= 0.0F && *values < (float)table->symbols) || *values != truncf(*values)) {
    trine_error_set(error,
                    "The symbol %g is no row of the table: it takes whole numbers from 0 to %u.",
                    (double)*values, table->symbols - 1);
    return false;
  }
  memcpy(row, table->rows + (size_t)*values * end->width, end->width);
  return true;
}
