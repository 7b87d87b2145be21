/* SPDX-License-Identifier: Apache-2.0 */
/* rows: a chunk's rows, from the caller's buffers into the window and back; where memory is mapped
 * and the caller's rows are in their place already, nothing is copied. */
#include <string.h>

#include "runtime/internal.h"

/* Whether rows that begin at `first` and are `stride` bytes from each other lie in the window, as
 * the device has them; *mapped is where. Only for one sequence: rows of others are behind it. */
static bool is_in_place(struct trine_run *run, uint32_t tensor, const int8_t *first,
                        uint64_t stride, int8_t **mapped, uint32_t *len) {
  const struct trine_image_tensor *layout = trine_image_tensor(run->image, tensor);
  const uint32_t rows = trine_chunk_rows(&run->cut, tensor);
  *len = rows * layout->stride;
  *mapped = trine_window_map(run, trine_rows_offset(&run->cut, tensor), *len);
  return *mapped != NULL && *mapped == first && run->cut.chunk.count == 1 &&
         (rows == 1 || stride == layout->stride);
}

static const int8_t *input_row(const struct trine_run *run, uint32_t sequence, uint32_t step) {
  const struct trine_batch *batch = run->cut.batch;
  return batch->input + (uint64_t)(run->cut.chunk.first + sequence) * batch->input_batch_stride +
         (uint64_t)(run->cut.chunk.step + step) * batch->input_step_stride;
}

static enum trine_status put_input(struct trine_run *run) {
  const struct trine_image_tensor *tensor = trine_image_tensor(run->image, 0);
  int8_t *mapped = NULL;
  uint32_t len = 0;
  if (is_in_place(run, 0, input_row(run, 0, 0), run->cut.batch->input_step_stride, &mapped, &len)) {
    trine_window_clean(run, mapped, len);
    return TRINE_OK;
  }
  trine_window_begin(run, trine_rows_offset(&run->cut, 0));
  for (uint32_t s = 0; s < run->cut.chunk.count; s++) {
    const uint32_t steps = trine_chunk_steps(&run->cut, s);
    for (uint32_t t = 0; t < steps; t++) {
      const int8_t *row = input_row(run, s, t);
      for (uint32_t p = 0; p < tensor->part_count; p++) {
        const uint32_t next =
            p + 1 < tensor->part_count ? tensor->part_offset[p + 1] : tensor->stride;
        trine_window_put(run, row, tensor->part_width[p]);
        trine_window_put(run, NULL, next - tensor->part_offset[p] - tensor->part_width[p]);
        row += tensor->part_width[p];
      }
    }
  }
  return trine_window_finish(run);
}

/* Where the next row of the output belongs: sequence of the chunk and row in it. */
struct row_place {
  uint32_t sequence, row;
};

static int8_t *output_row(const struct trine_run *run, const struct trine_image_tensor *tensor,
                          const struct row_place *at) {
  const struct trine_batch *batch = run->cut.batch;
  const uint64_t row = tensor->per_sequence != 0 ? 0 : run->cut.chunk.step + at->row;
  return batch->output +
         (uint64_t)(run->cut.chunk.first + at->sequence) * batch->output_batch_stride +
         row * batch->output_step_stride;
}

static void next_row(const struct trine_run *run, const struct trine_image_tensor *tensor,
                     struct row_place *at) {
  at->row++;
  if (tensor->per_sequence != 0 || at->row == trine_chunk_steps(&run->cut, at->sequence)) {
    at->sequence++;
    at->row = 0;
  }
}

/* One part of one row, which may be longer than the buffer. */
static enum trine_status take_part(struct trine_run *run, uint32_t offset, uint32_t width,
                                   int8_t *to) {
  for (uint32_t at = 0; at < width; at += (uint32_t)sizeof run->buffer) {
    const uint32_t left = width - at;
    const uint32_t now = left < sizeof run->buffer ? left : (uint32_t)sizeof run->buffer;
    const enum trine_status status =
        trine_window_read(run, offset + at, run->buffer, (now + 3) / 4 * 4);
    if (status != TRINE_OK) {
      return status;
    }
    memcpy(to + at, run->buffer, now);
  }
  return TRINE_OK;
}

/* As many whole rows as the buffer holds. */
static enum trine_status take_rows(struct trine_run *run, const struct trine_image_tensor *tensor,
                                   uint32_t offset, uint32_t rows, struct row_place *at) {
  const enum trine_status status =
      trine_window_read(run, offset, run->buffer, rows * tensor->stride);
  const uint8_t *from = (const uint8_t *)run->buffer;
  for (uint32_t n = 0; n < rows && status == TRINE_OK; n++, from += tensor->stride) {
    int8_t *to = output_row(run, tensor, at);
    for (uint32_t p = 0; p < tensor->part_count; p++) {
      memcpy(to, from + tensor->part_offset[p], tensor->part_width[p]);
      to += tensor->part_width[p];
    }
    next_row(run, tensor, at);
  }
  return status;
}

/* Whether the rows of the output are in place, and where. */
static bool is_output_in_place(struct trine_run *run, int8_t **mapped, uint32_t *len) {
  const uint32_t index = run->image->tensor_count - 1;
  const struct row_place first = {0, 0};
  return is_in_place(run, index, output_row(run, trine_image_tensor(run->image, index), &first),
                     run->cut.batch->output_step_stride, mapped, len);
}

enum trine_status trine_put_rows(struct trine_run *run) {
  int8_t *output = NULL;
  uint32_t len = 0;
  /* What the caller may have written there must not reach memory after the device has. */
  if (is_output_in_place(run, &output, &len)) {
    trine_window_clean(run, output, len);
  }
  return put_input(run);
}

enum trine_status trine_take_output(struct trine_run *run) {
  const uint32_t index = run->image->tensor_count - 1;
  const struct trine_image_tensor *tensor = trine_image_tensor(run->image, index);
  const struct trine_bus *bus = &run->device->bus;
  struct row_place at = {0, 0};
  int8_t *mapped = NULL;
  uint32_t len = 0;
  if (tensor->per_sequence != 0 && !run->cut.chunk.is_last) {
    return TRINE_OK; /* its row comes with the sequence's last chunk */
  }
  if (is_output_in_place(run, &mapped, &len)) {
    if (bus->invalidate != NULL) {
      bus->invalidate(bus->ctx, mapped, len);
    }
    return TRINE_OK;
  }
  const uint32_t rows = trine_chunk_rows(&run->cut, index);
  const uint32_t offset = trine_rows_offset(&run->cut, index);
  const uint32_t most = (uint32_t)sizeof run->buffer / tensor->stride;
  enum trine_status status = TRINE_OK;
  for (uint32_t row = 0; row < rows && status == TRINE_OK;) {
    const uint32_t from = offset + row * tensor->stride;
    const uint32_t now = rows - row < most ? rows - row : most;
    if (most > 0) {
      status = take_rows(run, tensor, from, now, &at);
      row += now;
      continue;
    }
    int8_t *to = output_row(run, tensor, &at);
    for (uint32_t p = 0; p < tensor->part_count && status == TRINE_OK; p++) {
      status = take_part(run, from + tensor->part_offset[p], tensor->part_width[p], to);
      to += tensor->part_width[p];
    }
    next_row(run, tensor, &at);
    row++;
  }
  return status;
}

/* The place of a tensor's rows for a batch of one sequence of `steps` steps. */
static int8_t *rows_for(struct trine_run *run, uint32_t index, uint32_t steps) {
  const int8_t nothing = 0;
  const struct trine_batch batch = {
      .sequences = 1, .lengths = &steps, .input = &nothing, .output = (int8_t *)run->buffer};
  struct trine_fault fault;
  struct trine_cut cut;
  if (run->state != TRINE_RUN_RESTS || steps < 1 ||
      !trine_batch_check(run->image, run->options.window_bytes, &batch, &fault)) {
    return NULL;
  }
  trine_cut_begin(&cut, run->image, run->options.window_bytes, &batch, run->options.scratch);
  return cut.chunk.is_cut ? NULL
                          : trine_window_map(run, trine_rows_offset(&cut, index),
                                             trine_chunk_rows(&cut, index) *
                                                 trine_image_tensor(run->image, index)->stride);
}

int8_t *trine_run_input(struct trine_run *run, uint32_t steps) {
  return rows_for(run, 0, steps);
}

int8_t *trine_run_output(struct trine_run *run, uint32_t steps) {
  return rows_for(run, run->image->tensor_count - 1, steps);
}
