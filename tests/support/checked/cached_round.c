/* SPDX-License-Identifier: Apache-2.0 */
/* cached_round: see cached_round.h. */
#include "support/checked/cached_round.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "support/cached_bus.h"

enum { MOST_STEPS = 12, MOST_UNITS = 40, BATCHES = 3 };

struct cached_round {
  struct seed_stream *stream;
  struct cached_bus cached;
  struct driver_case made;
  struct trine_placement placement;
  const struct trine_image *image; /* in `memory`, or in its window */
  void *memory;
  bool is_image_here;
  struct trine_device device;
  struct trine_run_options options;
  struct trine_run run;
};

static bool draw(struct cached_round *round) {
  return seed_uniform(round->stream, 0, 1) == 1;
}

/* A network that the target has room for, placed. */
static void draw_network(struct cached_round *round, const struct trine_target *target) {
  static const enum trine_mode modes[] = {TRINE_MODE_SINGLE, TRINE_MODE_HELPER,
                                          TRINE_MODE_MULTITHREADING};
  for (;;) { /* bound: a network of one unit fits */
    const enum trine_mode mode = modes[seed_uniform(round->stream, 0, 2)];
    const struct trine_shape shape = {.mode = mode, .cores = mode == TRINE_MODE_SINGLE ? 1 : 2};
    case_stack(&round->made, round->stream, (uint32_t)seed_uniform(round->stream, 1, 3),
               draw(round), draw(round), MOST_UNITS);
    if (trine_compile_place(target, &round->made.network, &shape, &round->placement, NULL) ==
        TRINE_OK) {
      return;
    }
    case_free(&round->made);
  }
}

/* The image, and a window: behind it, or around its data. */
static void place_image(struct cached_round *round, const struct trine_target *target) {
  const enum trine_image_form form = draw(round) ? TRINE_IMAGE_IN_PLACE : TRINE_IMAGE_PLAIN;
  const size_t bytes = trine_compile_bytes(target, &round->made.network, form);
  round->memory = malloc(bytes);
  ck_assert_ptr_nonnull(round->memory);
  ck_assert_int_eq(trine_compile(target, &round->made.network, &round->placement, form,
                                 round->memory, bytes, &round->image, NULL),
                   TRINE_OK);
  ck_assert(trine_image_is_valid(round->image, round->image->bytes));
  const struct trine_image *image = round->image;
  const uint64_t base =
      TRINE_WINDOW_ALIGN * (uint64_t)seed_uniform(round->stream, 0, 4) + image->window_at;
  round->is_image_here = form == TRINE_IMAGE_IN_PLACE && seed_uniform(round->stream, 0, 3) > 0;
  if (round->is_image_here) {
    uint8_t *to = round->cached.cpu + (base - image->window_at);
    memcpy(to, image, image->bytes);
    round->image = (const struct trine_image *)(const void *)to;
  }
  const uint64_t row = trine_image_least_window(image) - image->rows_offset;
  round->options = (struct trine_run_options){
      .window_base = base,
      .window_bytes = (uint32_t)(image->rows_offset + (2 * MOST_STEPS + 2) * row),
      .scratch_bytes = trine_image_scratch_bytes(image, true) + 4};
  round->options.scratch = malloc(round->options.scratch_bytes);
  ck_assert_ptr_nonnull(round->options.scratch);
  ck_assert_uint_le(base + round->options.window_bytes, round->cached.bytes);
}

/* Rows of the caller's batch, one behind the other, to or from their places. */
static void move_rows(int8_t *place, const struct trine_image_tensor *tensor, int8_t *rows,
                      uint32_t count, bool to_place) {
  for (uint32_t t = 0; t < count; t++, place += tensor->stride, rows += tensor->part_width[0]) {
    memcpy(to_place ? place : rows, to_place ? rows : place, tensor->part_width[0]);
  }
}

static void run_batch(struct cached_round *round, struct cached_totals *totals) {
  struct driver_batch made;
  const bool is_single = seed_uniform(round->stream, 0, 3) > 0;
  const uint32_t sequences = is_single ? 1 : (uint32_t)seed_uniform(round->stream, 2, 4);
  const bool has_state = seed_uniform(round->stream, 0, 3) == 0 && round->image->max_kept > 0;
  batch_create(&made, round->stream, &round->made.network, sequences, MOST_STEPS, false, has_state);
  batch_expect(&made, &round->made.network);
  struct trine_batch batch = made.batch;
  const uint32_t steps = made.lengths[0];
  const struct trine_image_tensor *in = trine_image_tensor(round->image, 0);
  const struct trine_image_tensor *out = trine_image_tensor(round->image, 1);
  const uint32_t out_rows = out->per_sequence != 0 ? 1 : steps;
  int8_t *input = is_single && draw(round) ? trine_run_input(&round->run, steps) : NULL;
  int8_t *output = is_single && draw(round) ? trine_run_output(&round->run, steps) : NULL;
  if (output != NULL) {
    seed_int8(round->stream, output, (size_t)out_rows * out->stride, -128, 127);
    batch.output = output;
    batch.output_step_stride = out->stride;
  }
  if (input != NULL) {
    move_rows(input, in, made.input, steps, true);
    batch.input = input;
    batch.input_step_stride = in->stride;
  }
  ck_assert_int_eq(trine_run_start(&round->run, &batch), TRINE_OK);
  ck_assert_int_eq(trine_run_wait(&round->run), TRINE_OK);
  if (output != NULL) {
    move_rows(output, out, made.output, out_rows, false);
  }
  batch_compare(&made, &round->made.network, "behind a cache");
  totals->batches++;
  totals->inputs += input != NULL;
  totals->outputs += output != NULL;
  if (round->is_image_here && input != NULL && output != NULL && !has_state) {
    ck_assert_uint_eq(round->cached.copied_bytes, 0);
    totals->uncopied++;
  }
  totals->copied_bytes += round->cached.copied_bytes;
  round->cached.copied_bytes = 0;
  batch_free(&made);
}

void cached_round(const struct trine_bus *below, const struct trine_target *target,
                  uint32_t memory_bytes, struct seed_stream *stream, struct cached_totals *totals) {
  struct cached_round round = {.stream = stream};
  struct trine_fault fault;
  const uint32_t line = UINT32_C(16) << seed_uniform(stream, 0, 3);
  ck_assert(cached_bus_create(&round.cached, below, memory_bytes, line, stream));
  draw_network(&round, target);
  place_image(&round, target);
  round.cached.uncounted = round.options.window_base;
  round.cached.uncounted_len = round.image->program_bytes;
  const struct trine_bus bus = cached_bus(&round.cached);
  ck_assert_int_eq(trine_device_open(&round.device, &bus, &fault), TRINE_OK);
  ck_assert_int_eq(trine_run_open(&round.run, &round.device, round.image, &round.options),
                   TRINE_OK);
  totals->rounds++;
  totals->images += round.is_image_here;
  if (round.is_image_here) {
    ck_assert_uint_eq(round.cached.copied_bytes, 0);
  }
  for (uint32_t n = 0; n < BATCHES; n++) {
    run_batch(&round, totals);
  }
  ck_assert(trine_image_is_valid(round.image, round.image->bytes));
  trine_run_close(&round.run);
  free(round.options.scratch);
  free(round.memory);
  case_free(&round.made);
  cached_bus_destroy(&round.cached);
}
