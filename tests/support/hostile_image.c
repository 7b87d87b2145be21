/* SPDX-License-Identifier: Apache-2.0 */
/* hostile_image: images that may be anything, run on a device that does nothing, see hostile.h. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "support/fake_device.h"
#include "support/hostile.h"
#include "trine_regs.h"
#include "trine_runtime.h"

enum {
  STEPS = 3,
  SEQUENCES = 2,
  MAX_LAYERS = 16,
  MAX_BATCH_BYTES = 1 << 22,
  DEVICE_BYTES = 1 << 19,
  TEXT_BYTES = 400,
};

struct buffers {
  struct trine_lstm_state states[MAX_LAYERS];
  int8_t *input, *output;
  void *scratch;
};

static struct trine_bus idle_bus;

/* A device that ends every program at once and has done nothing: what it would make of a program
 * of a damaged image is its own matter. */
static enum trine_status idle_write32(void *ctx, uint32_t addr, uint32_t value) {
  struct fake_device *fake = ctx;
  if (addr % 4096 == TRINE_DOMAIN_CONTROL && addr >= 4096) {
    struct fake_slot *slot = &fake->slot[addr / 4096 - 1];
    slot->reg[TRINE_DOMAIN_STATUS / 4] = TRINE_DOMAIN_STATUS_STATE_DONE;
    slot->resident_mask = slot->reg[TRINE_DOMAIN_CORE_MASK / 4];
    fake->global[TRINE_GLOBAL_IRQ_RAW / 4] |= 1U << (addr / 4096 - 1);
    return TRINE_OK;
  }
  return idle_bus.write32(ctx, addr, value);
}

static void *zeros(size_t count, size_t size) {
  void *memory = calloc(count + (count == 0), size + (size == 0));
  if (memory == NULL) { /* not hostile_demand: the analyser has to see that it ends here */
    (void)fprintf(stderr, "there is no memory for the test\n");
    abort();
  }
  return memory;
}

static size_t packed_width(const struct trine_image_tensor *tensor) {
  size_t width = 0;
  for (uint32_t p = 0; p < tensor->part_count; p++) {
    width += tensor->part_width[p];
  }
  return width;
}

/* Opens and runs it with buffers that end where the image says that they do. */
static bool run_in(struct trine_device *device, const struct trine_image *image,
                   const struct trine_batch *batch, const struct trine_run_options *options) {
  struct trine_run *run = zeros(1, sizeof *run); /* its buffer is its end */
  enum trine_status status = trine_run_open(run, device, image, options);
  bool has_run = false;
  char text[TEXT_BYTES];
  if (status == TRINE_OK) {
    status = trine_run_start(run, batch);
    if (status == TRINE_OK) {
      status = trine_run_wait(run);
    }
    has_run = status == TRINE_OK;
  }
  trine_fault_text(trine_run_fault(run), image, text, sizeof text);
  hostile_demand((status == TRINE_OK) == (text[0] == '\0'), "a fault and its sentence differ",
                 text);
  trine_run_close(run);
  free(run);
  return has_run;
}

bool hostile_run_image(struct trine_device *device, const struct trine_image *image,
                       bool with_states, uint32_t more_window) {
  const uint32_t lengths[SEQUENCES] = {STEPS, 1};
  const size_t in = packed_width(trine_image_tensor(image, 0));
  const size_t out = packed_width(trine_image_tensor(image, image->tensor_count - 1));
  const uint32_t scratch = trine_image_scratch_bytes(image, with_states);
  const uint64_t window = trine_image_least_window(image) + more_window;
  size_t values = 0;
  for (uint32_t n = 0; n < image->layer_count; n++) {
    values += trine_image_layer(image, n)->units;
  }
  if (image->layer_count > MAX_LAYERS ||
      STEPS * SEQUENCES * (in + out) + 3 * SEQUENCES * values + scratch > MAX_BATCH_BYTES) {
    return false;
  }
  struct buffers made = {.input = zeros(STEPS * SEQUENCES, in),
                         .output = zeros(STEPS * SEQUENCES, out)};
  for (uint32_t n = 0; n < image->layer_count && with_states; n++) {
    const size_t count = (size_t)SEQUENCES * trine_image_layer(image, n)->units;
    made.states[n] = (struct trine_lstm_state){zeros(count, 1), zeros(count, 2)};
  }
  const struct trine_batch batch = {.sequences = SEQUENCES,
                                    .lengths = lengths,
                                    .input = made.input,
                                    .input_batch_stride = STEPS * in,
                                    .input_step_stride = in,
                                    .output = made.output,
                                    .output_batch_stride = STEPS * out,
                                    .output_step_stride = out,
                                    .state_in = with_states ? made.states : NULL,
                                    .state_out = with_states ? made.states : NULL};
  struct trine_stats stats;
  made.scratch = zeros(scratch, 1);
  const struct trine_run_options options = {.window_bytes = (uint32_t)(window + 3) / 4 * 4,
                                            .scratch = made.scratch,
                                            .scratch_bytes = scratch,
                                            .observer = trine_stats_observer(&stats)};
  const bool has_run = run_in(device, image, &batch, &options);
  free(made.input);
  free(made.output);
  free(made.scratch);
  for (uint32_t n = 0; n < MAX_LAYERS; n++) {
    free(made.states[n].h);
    free(made.states[n].c);
  }
  return has_run;
}

void hostile_seal_image(struct trine_image *image, size_t bytes) {
  const uint32_t room = image->window_at != 0 ? image->window_at : image->data_at;
  if (image->bytes == bytes && room >= sizeof *image && room <= image->data_at &&
      image->data_at <= bytes) {
    image->crc = trine_image_crc(image);
  }
}

void hostile_idle_bus(struct trine_bus *bus) {
  idle_bus = *bus;
  bus->write32 = idle_write32;
}

bool hostile_image(const uint8_t *bytes, size_t len_bytes) {
  static const struct fake_params params = {16,   8,     8,    8,   4,    8,  4,    16,   65536,
                                            2048, 16384, 1024, 512, 4096, 64, 1024, 1024, 8};
  static struct fake_device fake;
  static struct trine_device device;
  static struct trine_bus bus;
  struct trine_fault fault;
  if (fake.memory == NULL) {
    fake_device_create(&fake, &params, DEVICE_BYTES);
    bus = fake_device_bus(&fake);
    hostile_idle_bus(&bus);
  }
  hostile_demand(trine_device_open(&device, &bus, &fault) == TRINE_OK, "the device does not open",
                 "");
  uint8_t *copy = zeros(len_bytes, 1);
  if (len_bytes > 0) {
    memcpy(copy, bytes, len_bytes);
  }
  if (len_bytes >= sizeof(struct trine_image)) {
    struct trine_image *image = (struct trine_image *)(void *)copy;
    image->config_hash = device.config_hash;
    image->bytes = (uint32_t)len_bytes;
    hostile_seal_image(image, len_bytes);
  }
  const bool is_whole = trine_image_is_valid(copy, len_bytes);
  if (is_whole) {
    const struct trine_image *image = (const struct trine_image *)(const void *)copy;
    (void)hostile_run_image(&device, image, len_bytes % 2 == 0, 0);
    (void)hostile_run_image(&device, image, len_bytes % 2 == 1, 300);
  }
  free(copy);
  return is_whole;
}
