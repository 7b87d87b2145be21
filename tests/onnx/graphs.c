/* SPDX-License-Identifier: Apache-2.0 */
/* graphs: drawn graphs (draw_graphs.py) against what onnxruntime makes of them.
 *
 *   graphs check FOLDER COUNT SHARE   all, and at least SHARE per cent of them have to be accepted
 *   graphs one FOLDER NUMBER          one of them, with what is read of it
 *
 * A graph is refused with a sentence, or its float network gives onnxruntime's values in the
 * graph's own layout (so the shape is compared too), on both sizes of data that there are, and its
 * int8 model is near them. What is refused is counted by reason. Exit 0: nothing differs. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "float/float_run.h"
#include "io/npz.h"
#include "onnx/onnx.h"
#include "quantize/metric.h"
#include "quantize/quantize.h"
#include "reasons.h"

enum { PATH_BYTES = 512, MAX_VALUES = 1 << 20 };

/* Relative and absolute, of float sums in another order; the least signal to noise of int8, but for
 * noise that the rounding of weights of size 1 makes of an output that is nearly nothing. */
static const double kFloatError = 2e-4, kLeastSnr = 10.0, kSmallNoise = 0.005;

struct totals {
  uint32_t graphs, accepted, refused, sized, floats, bytes, different;
  struct reasons reasons;
};

/* One set of data of a graph. */
struct data {
  struct trine_array x, y, lengths;
  struct trine_float_batch batch;
  float *input; /* batch first */
  float *want;
};

static void fail(const char *folder, uint32_t number, const char *what) {
  printf("DIFFERS: graph %05u: %s\n  again: build/onnx-graphs one %s %u\n", number, what, folder,
         number);
}

static float *as_floats(const struct trine_array *array) {
  float *values = calloc((size_t)array->count + 1, sizeof *values);
  for (uint64_t n = 0; n < array->count && values != NULL; n++) {
    values[n] = array->dtype == TRINE_DTYPE_FLOAT32 ? ((const float *)array->data)[n]
                                                    : (float)((const int64_t *)array->data)[n];
  }
  return values;
}

static void free_data(struct data *data) {
  trine_array_free(&data->x);
  trine_array_free(&data->y);
  trine_array_free(&data->lengths);
  free(data->input);
  free(data->want);
  memset(data, 0, sizeof *data);
}

/* Arrays x, y, len with this ending; false when they are not there, or are no such arrays. */
static bool load_data(struct trine_npz *npz, const char *ending,
                      const struct trine_float_network *network, struct data *data) {
  char name[16];
  struct trine_error error = {""};
  memset(data, 0, sizeof *data);
  (void)snprintf(name, sizeof name, "x%s", ending);
  if (!trine_npz_has(npz, name) || trine_npz_get(npz, name, &data->x, &error) != TRINE_IO_OK) {
    return false;
  }
  (void)snprintf(name, sizeof name, "y%s", ending);
  if (trine_npz_get(npz, name, &data->y, &error) != TRINE_IO_OK || data->x.rank < 2) {
    return false;
  }
  (void)snprintf(name, sizeof name, "len%s", ending);
  if (trine_npz_has(npz, name) && trine_npz_get(npz, name, &data->lengths, &error) != TRINE_IO_OK) {
    return false;
  }
  const bool turned = network->time_major;
  const size_t first = (size_t)data->x.shape[0], second = (size_t)data->x.shape[1];
  const size_t width = network->values[network->input].width;
  float *given = as_floats(&data->x);
  data->input = calloc((size_t)data->x.count + 1, sizeof *data->input);
  data->want = as_floats(&data->y);
  if (given == NULL || data->input == NULL || data->want == NULL ||
      data->x.count != first * second * width) {
    free(given);
    return false;
  }
  for (size_t a = 0; a < first; a++) {
    for (size_t b = 0; b < second; b++) {
      memcpy(data->input + (turned ? b * first + a : a * second + b) * width,
             given + (a * second + b) * width, width * sizeof *given);
    }
  }
  free(given);
  data->batch = (struct trine_float_batch){.sequences = (uint32_t)(turned ? second : first),
                                           .steps = (uint32_t)(turned ? first : second),
                                           .lengths = data->lengths.data,
                                           .input = data->input};
  return true;
}

/* Sizes of the graph's output by its layout; false when they are not those of `y`. */
static bool has_shape(const struct trine_onnx_layout *layout, const struct data *data,
                      uint32_t width, size_t sizes[TRINE_ONNX_MAX_AXES]) {
  const size_t first = (size_t)data->x.shape[0], second = (size_t)data->x.shape[1];
  bool same = layout->rank == data->y.rank;
  for (uint32_t n = 0; n < layout->rank && same; n++) {
    switch (layout->axis[n]) {
      case TRINE_ONNX_FIRST:
        sizes[n] = first;
        break;
      case TRINE_ONNX_SECOND:
        sizes[n] = second;
        break;
      case TRINE_ONNX_MERGED:
      case TRINE_ONNX_MERGED_TURNED:
        sizes[n] = first * second;
        break;
      case TRINE_ONNX_PARTS:
        sizes[n] = layout->parts;
        break;
      case TRINE_ONNX_WIDTH:
        sizes[n] = width / layout->parts;
        break;
      default:
        sizes[n] = 1;
        break;
    }
    same = sizes[n] == data->y.shape[n];
  }
  return same;
}

/* Where value `w` of the row (first, second) is in the graph's output. */
static size_t place(const struct trine_onnx_layout *layout, const struct data *data, uint32_t width,
                    const size_t sizes[TRINE_ONNX_MAX_AXES], const size_t row[2], size_t w) {
  const size_t each = width / layout->parts;
  size_t at = 0;
  for (uint32_t n = 0; n < layout->rank; n++) {
    const enum trine_onnx_axis axis = layout->axis[n];
    at = at * sizes[n] + (axis == TRINE_ONNX_FIRST    ? row[0]
                          : axis == TRINE_ONNX_SECOND ? row[1]
                          : axis == TRINE_ONNX_MERGED ? row[0] * (size_t)data->x.shape[1] + row[1]
                          : axis == TRINE_ONNX_MERGED_TURNED
                              ? row[1] * (size_t)data->x.shape[0] + row[0]
                          : axis == TRINE_ONNX_PARTS ? w / each
                          : axis == TRINE_ONNX_WIDTH ? w % each
                                                     : 0);
  }
  return at;
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
  size_t sizes[TRINE_ONNX_MAX_AXES];
  struct distance far = {.fits = has_shape(&layout, data, out->width, sizes)};
  far.fits = far.fits && data->y.count == (uint64_t)data->batch.sequences * steps * out->width;
  for (uint32_t b = 0; b < data->batch.sequences && far.fits; b++) {
    const uint32_t length = data->batch.lengths != NULL ? data->batch.lengths[b] : steps;
    for (uint32_t t = 0; t < (out->has_time ? length : 1); t++) {
      const size_t row[2] = {network->time_major ? t : b, network->time_major ? b : t};
      for (size_t w = 0; w < out->width; w++) {
        const double want = (double)data->want[place(&layout, data, out->width, sizes, row, w)];
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

static bool compare_floats(const struct trine_onnx *model, const struct data *data, char *what,
                           size_t size) {
  const struct trine_float_network *network = trine_onnx_network(model);
  struct trine_error error = {""};
  float **values = calloc((size_t)network->value_count + 1, sizeof *values);
  bool good = values != NULL && trine_float_run(network, &data->batch, values, &error) == 0;
  (void)snprintf(what, size, "in float: %.200s", error.text);
  if (good) {
    const struct distance far = compare(model, data, values[network->output]);
    good = far.fits && far.largest < kFloatError;
    (void)snprintf(what, size, "in float: %s, off by %g", far.fits ? "its shape" : "another shape",
                   far.largest);
  }
  if (values != NULL) {
    trine_float_values_free(network, values);
  }
  free(values);
  return good;
}

/* The int8 model of the golden model's making. An index of a largest value is not compared: int8
 * may well choose the other one of two that are near. */
static bool compare_bytes(const struct trine_onnx *model, const struct data *data,
                          struct totals *totals, char *what, size_t size) {
  const struct trine_float_network *network = trine_onnx_network(model);
  const struct trine_quantize_options how = {.per_row = false};
  struct trine_quantized made;
  struct trine_error error = {""};
  bool good = true;
  if (trine_quantize(network, &data->batch, &how, &made, &error) != 0) {
    (void)snprintf(what, size, "not quantised: %.300s", error.text);
    good = false;
  } else if (data->y.dtype == TRINE_DTYPE_FLOAT32) {
    float *got = trine_quantized_output(network, &data->batch, &made, &error);
    const struct distance far =
        got == NULL ? (struct distance){.fits = false} : compare(model, data, got);
    const double snr = 10 * log10((far.signal + 1e-12) / (far.noise + 1e-12));
    good =
        far.fits && (snr >= kLeastSnr || sqrt(far.noise / (double)(far.count + 1)) < kSmallNoise);
    totals->bytes += good;
    (void)snprintf(what, size, "in int8: signal to noise %.1f dB %.200s", snr, error.text);
    free(got);
  }
  trine_quantized_free(&made);
  return good;
}

/* One set of data; false when it differs. */
static bool check_data(const struct trine_onnx *model, struct data *data, bool quantize,
                       struct totals *totals, char *what, size_t size) {
  struct trine_error error = {""};
  if (!trine_onnx_fits(model, data->x.shape[0], data->x.shape[1], &error)) {
    totals->sized++;
    reasons_count(&totals->reasons, error.text);
    return true;
  }
  if (!compare_floats(model, data, what, size)) {
    return false;
  }
  totals->floats++;
  return !quantize || compare_bytes(model, data, totals, what, size);
}

static bool check_one(const char *folder, uint32_t number, struct totals *totals, bool tells) {
  char path[PATH_BYTES], what[PATH_BYTES] = "";
  struct trine_error error = {""};
  struct trine_onnx *model = NULL;
  struct trine_npz *npz = NULL;
  struct data data = {.input = NULL};
  (void)snprintf(path, sizeof path, "%.480s/%05u.onnx", folder, number);
  totals->graphs++;
  const enum trine_onnx_status status = trine_onnx_load(path, NULL, &model, &error);
  if (status == TRINE_ONNX_ERR_UNSUPPORTED && strlen(error.text) > strlen(path) + 20) {
    totals->refused++;
    reasons_count(&totals->reasons, error.text + strlen(path) + 2);
    if (tells) {
      printf("%s\n", error.text);
    }
    return true;
  }
  (void)snprintf(path, sizeof path, "%.480s/%05u.npz", folder, number);
  bool good = status == TRINE_ONNX_OK && trine_npz_open(path, &npz, &error) == TRINE_IO_OK &&
              load_data(npz, "", trine_onnx_network(model), &data);
  (void)snprintf(what, sizeof what, "%.300s", good ? "" : error.text);
  good = good && check_data(model, &data, true, totals, what, sizeof what);
  free_data(&data);
  if (good && load_data(npz, "2", trine_onnx_network(model), &data)) {
    good = check_data(model, &data, false, totals, what, sizeof what);
  }
  free_data(&data);
  totals->accepted += good;
  totals->different += !good;
  for (uint32_t n = 0; tells && model != NULL && trine_onnx_note(model, n) != NULL; n++) {
    printf("%s\n", trine_onnx_note(model, n));
  }
  if (!good) {
    fail(folder, number, what);
  }
  if (npz != NULL) {
    trine_npz_close(npz);
  }
  trine_onnx_free(model);
  return good;
}

int main(int count, char **words) {
  static struct totals totals;
  if (count == 4 && strcmp(words[1], "one") == 0) {
    const bool good = check_one(words[2], (uint32_t)strtoul(words[3], NULL, 10), &totals, true);
    reasons_print(&totals.reasons);
    return good ? 0 : 1;
  }
  if (count != 5 || strcmp(words[1], "check") != 0) {
    fprintf(stderr, "graphs check FOLDER COUNT SHARE | graphs one FOLDER NUMBER\n");
    return 2;
  }
  const uint32_t graphs = (uint32_t)strtoul(words[3], NULL, 10);
  const uint32_t least = (uint32_t)strtoul(words[4], NULL, 10);
  for (uint32_t n = 0; n < graphs; n++) {
    (void)check_one(words[2], n, &totals, false);
  }
  reasons_print(&totals.reasons);
  printf(
      "onnx-graphs: %u graphs: %u as onnxruntime has them (%u runs in float, %u in int8), %u "
      "refused, %u differ; %u runs of a size that a node does not take\n",
      totals.graphs, totals.accepted, totals.floats, totals.bytes, totals.refused, totals.different,
      totals.sized);
  if (totals.accepted * 100 < graphs * least) {
    printf("Fewer than %u %% are accepted, so this says too little.\n", least);
    return 1;
  }
  return totals.different == 0 && graphs > 0 ? 0 : 1;
}
