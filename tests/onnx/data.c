/* SPDX-License-Identifier: Apache-2.0 */
/* data: see data.h. */
#include "data.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "io/npy.h"
#include "quantize/metric.h"
#include "quantize/quantize.h"

enum { PATH_BYTES = 512 };

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
  trine_array_free(&data->x);
  trine_array_free(&data->y);
  trine_array_free(&data->lengths);
  free(data->input);
  free(data->want);
  memset(data, 0, sizeof *data);
}

/* The input as a batch, out of the graph's layout. */
static bool lay_out(const struct trine_onnx *model, struct data *data) {
  const struct trine_float_network *network = trine_onnx_network(model);
  const struct trine_onnx_layout layout = trine_onnx_input_layout(model);
  const bool turned = network->time_major;
  const uint32_t width = network->values[network->input].width;
  if (!trine_onnx_layout_fits(&layout, data->x.rank, data->x.shape, width, data->size)) {
    return false;
  }
  const uint64_t *size = data->size;
  float *given = as_floats(&data->x);
  data->input = calloc((size_t)data->x.count + 1, sizeof *data->input);
  data->want = as_floats(&data->y);
  const bool good = given != NULL && data->input != NULL && data->want != NULL;
  for (uint64_t n = 0; good && n < data->x.count; n++) {
    const uint64_t steps = turned ? size[0] : size[1], row = n / width;
    const uint64_t place[2] = {turned ? row % steps : row / steps,
                               turned ? row / steps : row % steps};
    data->input[n] =
        given[trine_onnx_layout_place(&layout, width, size, place, (uint32_t)(n % width))];
  }
  free(given);
  data->batch = (struct trine_float_batch){.sequences = (uint32_t)size[turned ? 1 : 0],
                                           .steps = (uint32_t)size[turned ? 0 : 1],
                                           .lengths = data->lengths.data,
                                           .input = data->input};
  return good;
}

bool data_of_npz(struct trine_npz *npz, const char *ending, const struct trine_onnx *model,
                 struct data *data) {
  char name[16];
  struct trine_error error = {""};
  memset(data, 0, sizeof *data);
  (void)snprintf(name, sizeof name, "x%s", ending);
  if (!trine_npz_has(npz, name) || trine_npz_get(npz, name, &data->x, &error) != TRINE_IO_OK) {
    return false;
  }
  (void)snprintf(name, sizeof name, "y%s", ending);
  if (trine_npz_get(npz, name, &data->y, &error) != TRINE_IO_OK) {
    return false;
  }
  (void)snprintf(name, sizeof name, "len%s", ending);
  if (trine_npz_has(npz, name) && trine_npz_get(npz, name, &data->lengths, &error) != TRINE_IO_OK) {
    return false;
  }
  return lay_out(model, data);
}

bool data_of_folder(const char *folder, const struct trine_onnx *model, struct data *data) {
  static const char *const names[] = {"input", "expected", "lens"};
  struct trine_error error = {""};
  char path[PATH_BYTES];
  memset(data, 0, sizeof *data);
  struct trine_array *arrays[] = {&data->x, &data->y, &data->lengths};
  for (uint32_t n = 0; n < 3; n++) {
    (void)snprintf(path, sizeof path, "%.480s/%s.npy", folder, names[n]);
    if (trine_npy_read(path, arrays[n], &error) != TRINE_IO_OK && n < 2) {
      return false;
    }
  }
  return lay_out(model, data);
}

/* How far values are off: of onnxruntime's, batch first. */
struct distance {
  double largest, signal, noise;
  size_t count;
  bool fits; /* the shape is the graph's */
};

static struct distance compare(const struct trine_onnx *model, const struct data *data,
                               const float *got) {
  const struct trine_float_network *network = trine_onnx_network(model);
  const struct trine_float_value *out = &network->values[network->output];
  const struct trine_onnx_layout layout = trine_onnx_output_layout(model);
  const uint32_t steps = out->has_time ? data->batch.steps : 1;
  struct distance far = {.fits =
                             layout.rank == data->y.rank &&
                             data->y.count == (uint64_t)data->batch.sequences * steps * out->width};
  for (uint32_t n = 0; n < layout.rank && far.fits; n++) {
    far.fits = trine_onnx_layout_size(&layout, n, out->width, data->size) == data->y.shape[n];
  }
  for (uint32_t b = 0; b < data->batch.sequences && far.fits; b++) {
    const uint32_t length = data->batch.lengths != NULL ? data->batch.lengths[b] : steps;
    for (uint32_t t = 0; t < (out->has_time ? length : 1); t++) {
      const uint64_t row[2] = {network->time_major ? t : b, network->time_major ? b : t};
      for (uint32_t w = 0; w < out->width; w++) {
        const double want =
            (double)data->want[trine_onnx_layout_place(&layout, out->width, data->size, row, w)];
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
  bool good = values != NULL && trine_float_run(network, &data->batch, values, &error) == 0;
  (void)snprintf(what, size, "in float: %.200s", error.text);
  if (good) {
    const struct distance far = compare(model, data, values[network->output]);
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

enum data_bytes data_compare_bytes(const struct trine_onnx *model, const struct data *data,
                                   char *what, size_t size) {
  const struct trine_float_network *network = trine_onnx_network(model);
  const struct trine_quantize_options how = {.per_row = false};
  struct trine_quantized made;
  struct trine_error error = {""};
  enum data_bytes result = DATA_NOT_COMPARED;
  if (trine_quantize(network, &data->batch, &how, &made, &error) != 0) {
    (void)snprintf(what, size, "%.300s", error.text);
    result = strstr(error.text, "cannot be written") != NULL ? DATA_REFUSED : DATA_FAR;
  } else if (data->y.dtype == TRINE_DTYPE_FLOAT32) {
    float *got = trine_quantized_output(network, &data->batch, &made, &error);
    const struct distance far =
        got == NULL ? (struct distance){.fits = false} : compare(model, data, got);
    const double snr = 10 * log10((far.signal + 1e-12) / (far.noise + 1e-12));
    const bool near =
        far.fits && (snr >= least_snr || sqrt(far.noise / (double)(far.count + 1)) < small_noise);
    result = near ? DATA_NEAR : DATA_FAR;
    (void)snprintf(what, size, "in int8: signal to noise %.1f dB %.200s", snr, error.text);
    free(got);
  }
  trine_quantized_free(&made);
  return result;
}
