/* SPDX-License-Identifier: Apache-2.0 */
/* speaker: who of nine speakers said a vowel: a batch of utterances, each of its own length.
 *
 *   build/examples/speaker [golden] [UTTERANCES]
 *
 * One call runs them all (370 without a number), the two layers of 64 units in slices on both cores
 * of a simulated chip, or on the golden model. The answer is the largest value of an utterance's
 * last row. Prints the confusions and how many are right. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "io/npy.h"
#include "open_session.h"

enum { SPEAKERS = 9 };

struct speaker_data {
  struct trine_array rows, lengths, speakers; /* int8 [N,T,12], int32 [N], int32 [N] */
};

static bool read_data(struct speaker_data *data, struct trine_error *error) {
  return trine_npy_read("tests/models/vowels_xq.npy", &data->rows, error) == TRINE_OK &&
         trine_npy_read("tests/models/vowels_len.npy", &data->lengths, error) == TRINE_OK &&
         trine_npy_read("tests/models/vowels_y.npy", &data->speakers, error) == TRINE_OK;
}

static int answer(const int8_t row[SPEAKERS]) {
  int best = 0;
  for (int n = 1; n < SPEAKERS; n++) {
    best = row[n] > row[best] ? n : best;
  }
  return best;
}

static void report(const struct speaker_data *data, const int8_t *output, uint32_t count) {
  const int32_t *length = data->lengths.data, *speaker = data->speakers.data;
  const size_t steps = (size_t)data->rows.shape[1];
  uint32_t right = 0;
  for (uint32_t n = 0; n < count; n++) {
    const int got = answer(output + (n * steps + (size_t)length[n] - 1) * SPEAKERS);
    right += got == speaker[n];
    if (got != speaker[n]) {
      printf("utterance %3u of speaker %d was taken for %d's\n", n, speaker[n] + 1, got + 1);
    }
  }
  printf("%u of %u utterances are told right (%.1f %%)\n", right, count, 100.0 * right / count);
}

static int recognise(struct example *example, const struct speaker_data *data, uint32_t count) {
  const uint32_t steps = (uint32_t)data->rows.shape[1];
  const int32_t *length = data->lengths.data;
  uint32_t *lengths = calloc(count, sizeof *lengths);
  int8_t *output = calloc((size_t)count * steps, SPEAKERS);
  int status = 1;
  for (uint32_t n = 0; n < count && lengths != NULL; n++) {
    lengths[n] = (uint32_t)length[n];
  }
  const struct trine_model_batch batch = {.sequences = count,
                                          .steps = steps,
                                          .lengths = lengths,
                                          .input = data->rows.data,
                                          .output = output};
  if (lengths == NULL || output == NULL ||
      trine_session_run(example->session, &batch, &example->error) != TRINE_OK) {
    status = example_failed(example);
  } else {
    const struct trine_stats *stats = trine_session_stats(example->session);
    status = 0;
    report(data, output, count);
    example_cycles(example, stats->cycles, stats->steps, "step");
  }
  free(lengths);
  free(output);
  return status;
}

int main(int argument_count, char **arguments) {
  const bool golden = argument_count > 1 && strcmp(arguments[1], "golden") == 0;
  const char *number = argument_count > 1 + golden ? arguments[1 + golden] : "370";
  const unsigned long wanted = strtoul(number, NULL, 10);
  struct example example;
  struct speaker_data data = {.rows = {.data = NULL}};
  int status = example_open("vowels", TRINE_MODE_HELPER, golden, &example);
  if (status == 0 && !read_data(&data, &example.error)) {
    status = example_failed(&example);
  }
  if (status == 0) {
    const uint64_t all = data.rows.shape[0];
    status = recognise(&example, &data, (uint32_t)(wanted < 1 || wanted > all ? all : wanted));
  }
  trine_array_free(&data.rows);
  trine_array_free(&data.lengths);
  trine_array_free(&data.speakers);
  example_close(&example);
  return status;
}
