/* SPDX-License-Identifier: Apache-2.0 */
/* vad: voice activity of a recording, frame by frame, as a program in a microphone's loop would.
 *
 *   build/examples/vad [golden]
 *
 * The network (Silero VAD's LSTM, 128 units) stays resident on two cores of a simulated chip, or
 * runs on the golden model. Each call brings 32 ms and takes the stream one step further; a head of
 * 128 weights makes a probability of the state. Prints one line for each change. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "io/npy.h"
#include "open_session.h"
#include "sim/sim_backend.h"

enum { WIDTH = 128 };
static const double frame_seconds = 0.032;

struct head {
  struct trine_array weights, bias;
};

/* Probability of speech: the logistic of a dense layer on the positive part of h. */
static double probability(const struct head *head, const struct trine_model_end *h,
                          const int8_t row[WIDTH]) {
  const float *weights = head->weights.data, *bias = head->bias.data;
  float values[WIDTH];
  double sum = bias[0];
  trine_model_dequantize(h, row, WIDTH, values);
  for (int n = 0; n < WIDTH; n++) {
    sum += weights[n] * fmax(values[n], 0);
  }
  return 1 / (1 + exp(-sum));
}

static int listen(struct example *example, const struct head *head,
                  const struct trine_array *frames) {
  const struct trine_model_end *end = &trine_model_info(example->model)->output;
  const uint32_t count = (uint32_t)frames->shape[0];
  uint32_t speech_frames = 0;
  uint64_t cycles = 0;
  int speaking = -1;
  for (uint32_t t = 0; t < count; t++) {
    const int8_t *frame = (const int8_t *)frames->data + (size_t)t * WIDTH;
    int8_t row[WIDTH];
    if (trine_session_step(example->session, &example->stream, 1, frame, row, &example->error) !=
        TRINE_OK) {
      return example_failed(example);
    }
    const double p = probability(head, end, row);
    speech_frames += p > 0.5;
    cycles += trine_session_stats(example->session)->cycles;
    if ((p > 0.5) != speaking) {
      speaking = p > 0.5;
      printf("%6.2f s  %s (%.2f)\n", t * frame_seconds, speaking ? "speech" : "silence", p);
      (void)fflush(stdout);
    }
  }
  printf("%u of %u frames are speech\n", speech_frames, count);
  example_cycles(example, cycles, count, "frame");
  return 0;
}

int main(int count, char **arguments) {
  struct example example;
  struct head head = {.bias = {.data = NULL}};
  struct trine_array frames = {.data = NULL};
  const bool golden = count > 1 && strcmp(arguments[1], "golden") == 0;
  int status = example_open("vad", TRINE_MODE_HELPER, golden, &example);
  if (status == 0 &&
      (trine_npy_read("tests/models/vad_xq.npy", &frames, &example.error) != TRINE_OK ||
       trine_npy_read("tests/models/vad_head_w.npy", &head.weights, &example.error) != TRINE_OK ||
       trine_npy_read("tests/models/vad_head_b.npy", &head.bias, &example.error) != TRINE_OK)) {
    status = example_failed(&example);
  }
  if (status == 0) {
    status = listen(&example, &head, &frames);
  }
  trine_array_free(&frames);
  trine_array_free(&head.weights);
  trine_array_free(&head.bias);
  example_close(&example);
  return status;
}
