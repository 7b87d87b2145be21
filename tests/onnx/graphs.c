/* SPDX-License-Identifier: Apache-2.0 */
/* graphs: drawn graphs (draw_graphs.py) against what onnxruntime makes of them.
 *
 *   graphs check FOLDER COUNT SHARE   all, and at least SHARE per cent of them have to be accepted
 *   graphs one FOLDER NUMBER          one of them, with what is read of it
 *   graphs cases FOLDER ...           folders of model.onnx, input.npy, expected.npy (lens.npy);
 * where refused.txt is there, words of the sentence that refuses it; where near.txt
 *                                     is, onnxruntime itself computes in int8
 *   graphs table FOLDER ...           the same as a table, with what about.txt says of each
 *
 * A graph is refused with a sentence, or its float network gives onnxruntime's values in the
 * graph's own layout (so the shape is compared too), on both sizes of data that there are, and its
 * int8 model is near them. What is refused is counted by reason. Exit 0: nothing differs. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "data.h"
#include "io/file.h"
#include "reasons.h"

enum { PATH_BYTES = 512 };

struct graph_totals {
  uint32_t graphs, accepted, refused, unwritten, sized, floats, bytes, different;
  struct reasons reasons;
};

static void fail(const char *folder, uint32_t number, const char *what) {
  printf("DIFFERS: graph %05u: %s\n  again: build/onnx-graphs one %s %u\n", number, what, folder,
         number);
}

/* One set of data; false when it differs. */
static bool check_data(const struct trine_onnx *model, struct data *data, bool quantize,
                       struct graph_totals *totals, char *what, size_t size) {
  struct trine_error error = {""};
  if (trine_onnx_fits(model, data->size[0], data->size[1], &error) != TRINE_OK) {
    totals->sized++;
    reasons_count(&totals->reasons, error.text);
    return true;
  }
  if (!data_compare_floats(model, data, false, what, size)) {
    return false;
  }
  totals->floats++;
  if (!quantize) {
    return true;
  }
  const enum data_bytes bytes = data_compare_bytes(model, data, what, size);
  totals->bytes += bytes == DATA_NEAR;
  totals->unwritten += bytes == DATA_REFUSED;
  if (bytes == DATA_REFUSED) {
    reasons_count(&totals->reasons, what);
  }
  return bytes != DATA_FAR;
}

static bool check_one(const char *folder, uint32_t number, struct graph_totals *totals,
                      bool tells) {
  char path[PATH_BYTES], what[PATH_BYTES] = "";
  struct trine_error error = {""};
  struct trine_onnx *model = NULL;
  struct trine_npz *npz = NULL;
  struct data data = {.output_count = 0};
  (void)snprintf(path, sizeof path, "%.480s/%05u.onnx", folder, number);
  totals->graphs++;
  const enum trine_status status = trine_onnx_load(path, NULL, &model, &error);
  if (status == TRINE_ERR_UNSUPPORTED && strlen(error.text) > strlen(path) + 20) {
    totals->refused++;
    reasons_count(&totals->reasons, error.text + strlen(path) + 2);
    if (tells) {
      printf("%s\n", error.text);
    }
    return true;
  }
  (void)snprintf(path, sizeof path, "%.480s/%05u.npz", folder, number);
  bool good = status == TRINE_OK && trine_npz_open(path, &npz, &error) == TRINE_OK;
  (void)snprintf(what, sizeof what, "%.300s", good ? "" : error.text);
  struct trine_array outputs = {.data = NULL};
  if (good && trine_npz_has(npz, "outputs") &&
      trine_npz_get(npz, "outputs", &outputs, &error) == TRINE_OK &&
      !data_has_outputs(model, (uint32_t)((const int64_t *)outputs.data)[0])) {
    good = false;
    (void)snprintf(what, sizeof what, "an output is dropped in silence");
  }
  trine_array_free(&outputs);
  if (good && !data_of_npz(npz, "", model, &data)) {
    reasons_count(&totals->reasons, "The data are not of the layout that the graph was read in.");
    totals->sized++;
  } else {
    good = good && check_data(model, &data, true, totals, what, sizeof what);
  }
  data_free(&data);
  if (good && data_of_npz(npz, "2", model, &data)) {
    good = check_data(model, &data, false, totals, what, sizeof what);
  }
  data_free(&data);
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

/* The words of refused.txt in a sentence; true without either. */
static bool refuses_as_told(const char *folder, const char *sentence) {
  char path[PATH_BYTES];
  uint8_t *bytes = NULL;
  size_t length = 0;
  struct trine_error error;
  (void)snprintf(path, sizeof path, "%.480s/refused.txt", folder);
  if (trine_file_read(path, PATH_BYTES, &bytes, &length, &error) != TRINE_OK) {
    return sentence == NULL;
  }
  char words[PATH_BYTES] = "";
  memcpy(words, bytes, length < sizeof words ? length : sizeof words - 1);
  words[strcspn(words, "\n")] = '\0';
  free(bytes);
  return sentence != NULL && strstr(sentence, words) != NULL;
}

/* The line that says what a network is. */
static void about(const char *folder, char *text, size_t size) {
  char path[PATH_BYTES];
  uint8_t *bytes = NULL;
  size_t length = 0;
  struct trine_error error;
  text[0] = '\0';
  (void)snprintf(path, sizeof path, "%.480s/about.txt", folder);
  if (trine_file_read(path, PATH_BYTES, &bytes, &length, &error) == TRINE_OK) {
    (void)snprintf(text, size, "%.*s", (int)length, (const char *)bytes);
    text[strcspn(text, "\n")] = '\0';
    free(bytes);
  }
}

/* How a line of the report begins and goes on: of a table, or of a check. */
static void print_case(const char *folder, bool table, bool good, const char *what) {
  char text[PATH_BYTES];
  const char *name = strrchr(folder, '/');
  if (!table) {
    printf("%s %s: %s\n", good ? "as it has to be" : "WRONG", folder, what);
    return;
  }
  about(folder, text, sizeof text);
  const size_t prefix = strncmp(what, "refused: ", 9) == 0 ? 9 + strlen(folder) + 13 : 0;
  const char *kind = prefix > 0 ? "refused: " : "";
  printf("| %s | %s | %s%s |\n", name == NULL ? folder : name + 1, text,
         good ? kind : "WRONG: ", what + (prefix < strlen(what) ? prefix : 0));
}

/* One folder: a line of what became of it; *runs is one more if it runs. */
static bool check_case(const char *folder, bool table, uint32_t *runs) {
  char path[PATH_BYTES], what[PATH_BYTES] = "no data in its layout";
  struct trine_error error = {""};
  struct trine_onnx *model = NULL;
  struct data data = {.output_count = 0};
  (void)snprintf(path, sizeof path, "%.480s/near.txt", folder);
  const bool near = access(path, F_OK) == 0;
  (void)snprintf(path, sizeof path, "%.480s/model.onnx", folder);
  bool good = true;
  if (trine_onnx_load(path, NULL, &model, &error) != TRINE_OK) {
    good = refuses_as_told(folder, error.text);
    (void)snprintf(what, sizeof what, "refused: %.480s", error.text);
  } else {
    good = data_of_folder(folder, model, &data) && refuses_as_told(folder, NULL) &&
           data_compare_floats(model, &data, near, what, sizeof what) &&
           data_compare_bytes(model, &data, what, sizeof what) < DATA_REFUSED;
    *runs += good;
  }
  print_case(folder, table, good, what);
  data_free(&data);
  trine_onnx_free(model);
  return good;
}

int main(int count, char **words) {
  static struct graph_totals totals;
  if (count == 4 && strcmp(words[1], "one") == 0) {
    const bool good = check_one(words[2], (uint32_t)strtoul(words[3], NULL, 10), &totals, true);
    reasons_print(&totals.reasons);
    return good ? 0 : 1;
  }
  const bool table = count > 2 && strcmp(words[1], "table") == 0;
  if (table || (count > 2 && strcmp(words[1], "cases") == 0)) {
    uint32_t runs = 0;
    bool good = true;
    for (int n = 2; n < count; n++) {
      good = check_case(words[n], table, &runs) && good;
    }
    printf("%s%u of %d run.\n", table ? "\n" : "", runs, count - 2);
    return good ? 0 : 1;
  }
  if (count != 5 || strcmp(words[1], "check") != 0) {
    fprintf(stderr, "graphs check FOLDER COUNT SHARE | one FOLDER NUMBER | cases FOLDER ...\n");
    return 2;
  }
  const uint32_t graphs = (uint32_t)strtoul(words[3], NULL, 10);
  const uint32_t least = (uint32_t)strtoul(words[4], NULL, 10);
  for (uint32_t n = 0; n < graphs; n++) {
    (void)check_one(words[2], n, &totals, false);
  }
  reasons_print(&totals.reasons);
  printf(
      "onnx-graphs: %u graphs: %u as onnxruntime has them (%u runs in float, %u in int8, %u "
      "refused "
      "as int8), %u refused, %u differ; %u runs of a size that a node does not take\n",
      totals.graphs, totals.accepted, totals.floats, totals.bytes, totals.unwritten, totals.refused,
      totals.different, totals.sized);
  if (totals.accepted * 100 < graphs * least) {
    printf("Fewer than %u %% are accepted, so this says too little.\n", least);
    return 1;
  }
  return totals.different == 0 && graphs > 0 ? 0 : 1;
}
