/* SPDX-License-Identifier: Apache-2.0 */
/* chars: goes on writing in the manner of Shakespeare, and prints each character as it comes.
 *
 *   build/examples/chars [golden] [CHARACTERS] [BEGINNING]
 *
 * One stream of one step a call: the row of the last symbol goes in, 64 scores come out, and one
 * symbol is drawn by its probability, at temperature 0.5. The draws are a fixed sequence that fills
 * the interval evenly, so the same command always writes the same text, on every device. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "io/file.h"
#include "io/npy.h"
#include "open_session.h"

enum { SYMBOLS = 64, WIDTH = 32, LINE_FEED = 0 };
static const double temperature = 0.5, golden_ratio = 0.6180339887498949;

struct text_writer {
  char alphabet[SYMBOLS + 1];
  struct trine_array embedding; /* int8 [64,32] */
  double place;                 /* of the next draw, in [0, 1) */
};

static int symbol_of(const struct text_writer *writer, char letter) {
  const char *at = memchr(writer->alphabet, letter, SYMBOLS);
  return at != NULL && letter != '\0' ? (int)(at - writer->alphabet) : SYMBOLS - 1;
}

/* Draws one symbol: softmax of the scores, and the first whose sum passes the place. */
static int draw(struct text_writer *writer, const float scores[SYMBOLS]) {
  double weight[SYMBOLS], largest = scores[0], sum = 0;
  for (int n = 1; n < SYMBOLS; n++) {
    largest = fmax(largest, scores[n]);
  }
  for (int n = 0; n < SYMBOLS; n++) {
    weight[n] = exp((scores[n] - largest) / temperature);
    sum += weight[n];
  }
  double left = writer->place * sum;
  int symbol = 0;
  while (symbol < SYMBOLS - 1 && left >= weight[symbol]) {
    left -= weight[symbol++];
  }
  writer->place = fmod(writer->place + golden_ratio, 1.0);
  return symbol;
}

static int write_text(struct example *example, struct text_writer *writer, const char *beginning,
                      unsigned long count) {
  const struct trine_model_end *end = &trine_model_info(example->model)->output;
  const size_t given = strlen(beginning);
  int symbol = symbol_of(writer, beginning[0]);
  for (size_t n = 0; n < given + count; n++) {
    int8_t row[SYMBOLS];
    float scores[SYMBOLS];
    putchar(writer->alphabet[symbol]);
    (void)fflush(stdout);
    const int8_t *input = (const int8_t *)writer->embedding.data + (size_t)symbol * WIDTH;
    if (trine_session_step(example->session, &example->stream, 1, input, row, &example->error) !=
        TRINE_OK) {
      return example_failed(example);
    }
    trine_model_dequantize(end, row, SYMBOLS, scores);
    symbol = n + 1 < given ? symbol_of(writer, beginning[n + 1]) : draw(writer, scores);
  }
  putchar('\n');
  return 0;
}

int main(int count, char **arguments) {
  const int golden = count > 1 && strcmp(arguments[1], "golden") == 0;
  const unsigned long characters =
      count > 1 + golden ? strtoul(arguments[1 + golden], NULL, 10) : 400;
  const char *beginning = count > 2 + golden ? arguments[2 + golden] : "MACBETH. ";
  struct example example;
  struct text_writer writer = {.place = golden_ratio};
  uint8_t *alphabet = NULL;
  size_t symbols = 0;
  int status = example_open("chars", TRINE_MODE_HELPER, golden, &example);
  if (status == 0 && (trine_file_read("tests/models/chars_alphabet.txt", SYMBOLS, &alphabet,
                                      &symbols, &example.error) != TRINE_OK ||
                      trine_npy_read("tests/models/chars_embedding_q.npy", &writer.embedding,
                                     &example.error) != TRINE_OK)) {
    status = example_failed(&example);
  }
  if (status == 0) {
    memcpy(writer.alphabet, alphabet, symbols);
    status = write_text(&example, &writer, beginning, characters);
  }
  free(alphabet);
  trine_array_free(&writer.embedding);
  example_close(&example);
  return status;
}
