/* SPDX-License-Identifier: Apache-2.0 */
/* firmware: a network on a processor without an operating system: the runtime and an image, nothing
 * else. The image is model.c, made by `trine compile MODEL.tflite -o model.c`; the board is
 * whatever board_bus reaches (board_sim.c: the simulated chip; board_rv32.c: mapped registers).
 * Returns 0 when the sample comes out as the golden model has it. */
#include "board.h"
#include "model.h"
#include "trine_runtime.h"

/* Sizes are known at compile time: what does not fit does not build. */
enum { WINDOW_BYTES = (model_WINDOW_BYTES + 4095) / 4096 * 4096 };
_Static_assert((int)WINDOW_BYTES <= (int)BOARD_MEMORY_BYTES, "the window is in the board's memory");
_Static_assert(sizeof(struct trine_device) + sizeof(struct trine_run) <= 2048,
               "RAM of the runtime");

static struct trine_device device;
static struct trine_run run;
static uint32_t scratch[model_SCRATCH_BYTES / 4 + 1];
static int8_t output[model_ROWS * model_OUTPUT_WIDTH];

int main(void) {
  const struct trine_image *image = (const struct trine_image *)(const void *)model_image;
  const struct trine_run_options options = {.window_bytes = WINDOW_BYTES,
                                            .timeout_ms = 1000,
                                            .scratch = scratch,
                                            .scratch_bytes = sizeof scratch};
  const uint32_t steps = model_STEPS;
  const struct trine_batch batch = {.sequences = 1,
                                    .lengths = &steps,
                                    .input = model_sample_input,
                                    .input_step_stride = model_INPUT_WIDTH,
                                    .output = output,
                                    .output_step_stride = model_OUTPUT_WIDTH};
  struct trine_bus bus;
  struct trine_fault fault;
  if (!board_bus(&bus) || trine_device_open(&device, &bus, &fault) != TRINE_OK ||
      trine_run_open(&run, &device, image, &options) != TRINE_OK ||
      trine_run_start(&run, &batch) != TRINE_OK) {
    return 1;
  }
  while (!trine_poll(&run)) {
    board_idle(); /* anything else there is to do; an interrupt says when to look again */
  }
  if (trine_run_fault(&run)->status != TRINE_OK) {
    return 2;
  }
  for (uint32_t n = 0; n < sizeof output; n++) {
    if (output[n] != model_sample_output[n]) {
      return 3;
    }
  }
  return 0;
}
