/* SPDX-License-Identifier: Apache-2.0 */
/* data: see data.h. */
#include "data.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "io/npy.h"
#include "quantize/metric.h"
#include "quantize/quantize.h"

enum { PATH_BYTES = 512, NAME_BYTES = 128 };

/* Relative and absolute, of float sums in another order, or of sums of int8; the least signal to
 * noise of int8, but for noise that the rounding of weights of size 1 makes of an output that is
 * nearly nothing. */
static const double float_error = 2e-4, eight_bits = 0.02, least_snr = 10.0, small_noise = 0.005;

static float *as_floats(const struct trine_array *array) {
  float *values = calloc((size_t)array->count + 1, sizeof *values);
  for (uint64_t n = 0; n < array->count && values != NULL; n++) {
    values[n] = array->dtype == TRINE_DTYPE_FLOAT32 ? ((const float *)array->data)[n]
                                                    : (float)((const int64_t *)array->data)[n];
  }
  return values;
}

void data_free(struct data *data) {
  for (uint32_t n = 0; n < TRINE_FLOAT_MAX_GIVEN; n++) {
    trine_array_free(&data->x[n]);
    free(data->input[n]);
  }
  for (uint32_t n = 0; n < TRINE_FLOAT_MAX_OUTPUTS; n++) {
    trine_array_free(&data->y[n]);
    free(data->want[n]);
  }
  trine_array_free(&data->lengths);
  memset(data, 0, sizeof *data);
}

/* An input as a batch, out of the graph's layout; false when it is none of it. */
static bool turn_input(const struct trine_onnx *model, uint32_t input, struct data *data) {
  const struct trine_float_network *network = trine_onnx_network(model);
  const struct trine_onnx_layout layout = trine_onnx_input_layout(model, input);
  const struct trine_float_value *value = &network->values[network->inputs[input]];
  const struct trine_array *x = &data->x[input];
  const bool turned = trine_onnx_layout_is_turned(&layout, network, network->inputs[input]);
  const uint32_t width = value->width;
  uint64_t size[2];
  if (!trine_onnx_layout_fits(&layout, x->rank, x->shape, width, size) ||
      (value->steps > 0 && size[turned ? 0 : 1] != value->steps)) {
    return false;
  }
  for (uint32_t k = 0; k < 2; k++) {
    const bool own = value->steps > 0 && k == (turned ? 0U : 1U);
    if (!own && size[k] != 1 && data->size[k] != 1 && size[k] != data->size[k]) {
      return false; /* all inputs need the same */
    }
    data->size[k] = own || size[k] == 1 ? data->size[k] : size[k];
  }
  float *given = as_floats(x);
  data->input[input] = calloc((size_t)x->count + 1, sizeof(float));
  const bool good = given != NULL && data->input[input] != NULL;
  for (uint64_t n = 0; good && n < x->count; n++) {
    const uint64_t steps = turned ? size[0] : size[1], row = n / width;
    const uint64_t place[2] = {turned ? row % steps : row / steps,
                               turned ? row / steps : row % steps};
    data->input[input][n] =
        given[trine_onnx_layout_place(&layout, width, size, place, (uint32_t)(n % width))];
  }
  free(given);
  return good;
}

/* All inputs and results as a batch. */
static bool lay_out(const struct trine_onnx *model, struct data *data) {
  const struct trine_float_network *network = trine_onnx_network(model);
  const bool turned = network->time_major;
  bool good = true;
  data->size[0] = data->size[1] = 1;
  for (uint32_t n = 0; n < network->input_count && good; n++) {
    good = turn_input(model, n, data);
    data->more[n > 0 ? n - 1 : 0] = data->input[n];
  }
  for (uint32_t n = 0; n < data->output_count && good; n++) {
    data->want[n] = as_floats(&data->y[n]);
    good = data->want[n] != NULL;
  }
  data->batch = (struct trine_float_batch){.sequences = (uint32_t)data->size[turned ? 1 : 0],
                                           .steps = (uint32_t)data->size[turned ? 0 : 1],
                                           .lengths = data->lengths.data,
                                           .input = data->input[0],
                                           .more_inputs = data->more};
  return good;
}

/* The result of output n: arrays are named after the outputs, but the first. */
static bool take_result(struct trine_npz *npz, const char *ending, const char *output, uint32_t n,
                        struct data *data) {
  char name[NAME_BYTES];
  struct trine_error error = {""};
  (void)snprintf(name, sizeof name, "y%s_%.100s", ending, output);
  if (!trine_npz_has(npz, name)) {
    (void)snprintf(name, sizeof name, "y%s", ending);
    if (n > 0) {
      return false;
    }
  }
  return trine_npz_get(npz, name, &data->y[n], &error) == TRINE_OK;
}

bool data_of_npz(struct trine_npz *npz, const char *ending, const struct trine_onnx *model,
                 struct data *data) {
  const struct trine_float_network *network = trine_onnx_network(model);
  char name[NAME_BYTES];
  struct trine_error error = {""};
  memset(data, 0, sizeof *data);
  for (uint32_t n = 0; n < network->input_count; n++) {
    const char *input = network->values[network->inputs[n]].name;
    (void)snprintf(name, sizeof name, "x%s_%.100s", ending, input);
    if (!trine_npz_has(npz, name)) {
      (void)snprintf(name, sizeof name, "x%s", ending);
    }
    if (!trine_npz_has(npz, name) || trine_npz_get(npz, name, &data->x[n], &error) != TRINE_OK) {
      return false;
    }
  }
  for (uint32_t n = 0; n < network->output_count; n++) {
    data->output_count++;
    if (!take_result(npz, ending, network->values[network->outputs[n]].name, n, data)) {
      return false;
    }
  }
  (void)snprintf(name, sizeof name, "len%s", ending);
  if (trine_npz_has(npz, name) && trine_npz_get(npz, name, &data->lengths, &error) != TRINE_OK) {
    return false;
  }
  return lay_out(model, data);
}

bool data_of_folder(const char *folder, const struct trine_onnx *model, struct data *data) {
  struct trine_error error = {""};
  char path[PATH_BYTES];
  memset(data, 0, sizeof *data);
  bool good = true;
  for (uint32_t n = 0; n < trine_onnx_network(model)->input_count && good; n++) {
    char number[12] = "";
    (void)snprintf(number, sizeof number, "%u", n);
    (void)snprintf(path, sizeof path, "%.480s/input%s.npy", folder, n == 0 ? "" : number);
    good = trine_npy_read(path, &data->x[n], &error) == TRINE_OK;
  }
  for (uint32_t n = 0; n < trine_onnx_network(model)->output_count && good; n++) {
    char number[12] = "";
    (void)snprintf(number, sizeof number, "%u", n);
    (void)snprintf(path, sizeof path, "%.480s/expected%s.npy", folder, n == 0 ? "" : number);
    data->output_count++;
    good = trine_npy_read(path, &data->y[n], &error) == TRINE_OK;
  }
  (void)snprintf(path, sizeof path, "%.480s/lens.npy", folder);
  const bool has_lengths = access(path, F_OK) == 0;
  good = good && (!has_lengths || trine_npy_read(path, &data->lengths, &error) == TRINE_OK);
  return good && lay_out(model, data);
}

bool data_has_outputs(const struct trine_onnx *model, uint32_t outputs) {
  uint32_t told = 0;
  for (uint32_t n = 0; trine_onnx_note(model, n) != NULL; n++) {
    const char *note = trine_onnx_note(model, n);
    told += strstr(note, "is a final") != NULL || strstr(note, "is left out") != NULL;
  }
  return trine_onnx_network(model)->output_count + told == outputs;
}

/* How far values are off: of onnxruntime's, batch first. */
struct distance {
  double largest, signal, noise;
  size_t count;
  bool fits; /* the shape is the graph's */
};

static struct distance compare(const struct trine_onnx *model, const struct data *data,
                               uint32_t output, const float *got) {
  const struct trine_float_network *network = trine_onnx_network(model);
  const struct trine_float_value *out = &network->values[network->outputs[output]];
  const struct trine_onnx_layout layout = trine_onnx_output_layout(model, output);
  const struct trine_array *y = &data->y[output];
  const uint32_t steps = trine_float_rows(out, data->batch.steps);
  struct distance far = {.fits = layout.rank == y->rank &&
                                 y->count == (uint64_t)data->batch.sequences * steps * out->width};
  for (uint32_t n = 0; n < layout.rank && far.fits; n++) {
    far.fits = trine_onnx_layout_size(&layout, n, out->width, data->size) == y->shape[n];
  }
  for (uint32_t b = 0; b < data->batch.sequences && far.fits; b++) {
    const uint32_t length = trine_float_rows(
        out, data->batch.lengths != NULL ? data->batch.lengths[b] : data->batch.steps);
    for (uint32_t t = 0; t < length; t++) {
      const uint64_t row[2] = {network->time_major ? t : b, network->time_major ? b : t};
      for (uint32_t w = 0; w < out->width; w++) {
        const double want =
            (double)data
                ->want[output][trine_onnx_layout_place(&layout, out->width, data->size, row, w)];
        const double off = (double)got[((size_t)b * steps + t) * out->width + w] - want;
        far.largest = fmax(far.largest, fabs(off) / (1 + fabs(want)));
        far.signal += want * want;
        far.noise += off * off;
        far.count++;
      }
    }
  }
  return far;
}

bool data_compare_floats(const struct trine_onnx *model, const struct data *data, bool near,
                         char *what, size_t size) {
  const struct trine_float_network *network = trine_onnx_network(model);
  struct trine_error error = {""};
  float **values = calloc((size_t)network->value_count + 1, sizeof *values);
  bool good = values != NULL && trine_float_run(network, &data->batch, values, &error) == TRINE_OK;
  (void)snprintf(what, size, "in float: %.200s", error.text);
  for (uint32_t n = 0; good && n < network->output_count; n++) {
    const struct distance far = compare(model, data, n, values[network->outputs[n]]);
    good = far.fits && far.largest < (near ? eight_bits : float_error);
    (void)snprintf(what, size, "in float: %s, off by %g", far.fits ? "its shape" : "another shape",
                   far.largest);
  }
  if (values != NULL) {
    trine_float_values_free(network, values);
  }
  free(values);
  return good;
}

/* Whether an output of the int8 model has the graph's shape, where its layout is kept. */
static bool has_shape(const struct data *data, const struct trine_quantized *made,
                      uint32_t output) {
  uint64_t shape[TRINE_MODEL_MAX_RANK];
  const struct trine_array *y = &data->y[output];
  const uint32_t rank = trine_model_output_shape_of(made->model, output, data->batch.sequences,
                                                    data->batch.steps, shape);
  bool same = rank == y->rank;
  for (uint32_t n = 0; n < rank && same; n++) {
    same = shape[n] == y->shape[n];
  }
  return same || made->layouts[output].rank == 0;
}

/* One output of the int8 model. */
static enum data_bytes compare_bytes(const struct trine_onnx *model, const struct data *data,
                                     const struct trine_quantized *made, uint32_t output,
                                     char *what, size_t size) {
  struct trine_error error = {""};
  if (data->y[output].dtype != TRINE_DTYPE_FLOAT32) {
    return DATA_NOT_COMPARED;
  }
  if (!has_shape(data, made, output)) {
    (void)snprintf(what, size, "in int8: output %u has another shape", output);
    return DATA_FAR;
  }
  if (isnan(made->output_snr_db[output])) {
    (void)snprintf(what, size, "in int8: output %u has no signal to noise", output);
    return DATA_FAR;
  }
  float *got = NULL;
  const enum trine_status status =
      trine_quantized_output(trine_onnx_network(model), &data->batch, made, output, &got, &error);
  const struct distance far =
      status != TRINE_OK ? (struct distance){.fits = false} : compare(model, data, output, got);
  const double snr = 10 * log10((far.signal + 1e-12) / (far.noise + 1e-12));
  (void)snprintf(what, size, "in int8: signal to noise %.1f dB %.200s", snr, error.text);
  free(got);
  return far.fits && (snr >= least_snr || sqrt(far.noise / (double)(far.count + 1)) < small_noise)
             ? DATA_NEAR
             : DATA_FAR;
}

enum data_bytes data_compare_bytes(const struct trine_onnx *model, const struct data *data,
                                   char *what, size_t size) {
  struct trine_onnx_layout layouts[TRINE_FLOAT_MAX_OUTPUTS];
  const struct trine_quantize_options how = {.layouts = layouts};
  struct trine_quantized made;
  struct trine_error error = {""};
  enum data_bytes result = DATA_NOT_COMPARED;
  for (uint32_t n = 0; n < data->output_count; n++) {
    layouts[n] = trine_onnx_output_layout(model, n);
  }
  if (trine_quantize(trine_onnx_network(model), &data->batch, &how, &made, &error) != TRINE_OK) {
    (void)snprintf(what, size, "%.300s", error.text);
    result = strstr(error.text, "cannot be written") != NULL ? DATA_REFUSED : DATA_FAR;
  }
  for (uint32_t n = data->output_count; made.model != NULL && n-- > 0 && result != DATA_FAR;) {
    const enum data_bytes one = compare_bytes(model, data, &made, n, what, size);
    result = one == DATA_NOT_COMPARED ? result : one;
  }
  trine_quantized_free(&made);
  return result;
}
