/* SPDX-License-Identifier: Apache-2.0 */
/* batch: what of a batch goes into one start of the device, see batch.h. */
#include "image/batch.h"

static uint64_t bytes_of_rows(const struct trine_image *image, uint32_t sequences, uint64_t steps) {
  uint64_t bytes = 0;
  for (uint32_t t = 0; t < image->tensor_count; t++) {
    const struct trine_image_tensor *tensor = trine_image_tensor(image, t);
    bytes += tensor->stride * (tensor->per_sequence != 0 ? sequences : steps);
  }
  return bytes;
}

static bool rows_fit(const struct trine_cut *cut, uint32_t sequences, uint64_t steps) {
  return bytes_of_rows(cut->image, sequences, steps) <= cut->rows_bytes;
}

/* Most steps of one sequence that fit at once. */
static uint32_t most_steps(const struct trine_image *image, uint32_t rows_bytes) {
  const uint64_t fixed = bytes_of_rows(image, 1, 0);
  return fixed > rows_bytes ? 0 : (uint32_t)((rows_bytes - fixed) / bytes_of_rows(image, 0, 1));
}

static uint32_t most_sequences(const struct trine_cut *cut) {
  return cut->is_kept ? cut->image->max_kept : cut->image->max_sequences;
}

/* Gives sequence `at` of the chunk, of `steps`, to the copy with the least to do that has room. */
static void give(struct trine_cut *cut, uint32_t at, uint32_t steps) {
  struct trine_chunk *chunk = &cut->chunk;
  const uint32_t most = most_sequences(cut);
  uint32_t best = 0;
  for (uint32_t copy = 1; copy < cut->image->copies; copy++) {
    const bool is_full = chunk->copy_count[best] >= most;
    if (chunk->copy_count[copy] < most &&
        (is_full || chunk->copy_steps[copy] < chunk->copy_steps[best])) {
      best = copy;
    }
  }
  if (cut->image->copies > 1) {
    cut->copy_of[at] = (uint8_t)best;
  }
  chunk->copy_count[best]++;
  chunk->copy_steps[best] += steps;
}

/* Gives the chunk's sequences to the copies, the longest first: so no copy is left with a long one
 * when the others are done. */
static void give_all(struct trine_cut *cut) {
  const uint32_t *lengths = cut->batch->lengths + cut->chunk.first;
  uint32_t longest = 0, before = UINT32_MAX;
  do {
    longest = 0;
    for (uint32_t n = 0; n < cut->chunk.count; n++) {
      longest = lengths[n] > longest && lengths[n] < before ? lengths[n] : longest;
    }
    for (uint32_t n = 0; n < cut->chunk.count && longest > 0; n++) {
      if (lengths[n] == longest) {
        give(cut, n, longest);
      }
    }
    before = longest;
  } while (longest > 0);
}

/* Takes the next sequence, or `steps` of it, into the chunk. */
static void take(struct trine_chunk *chunk, uint32_t steps) {
  chunk->count++;
  chunk->steps += steps;
}

bool trine_cut_next(struct trine_cut *cut) {
  const struct trine_batch *batch = cut->batch;
  struct trine_chunk *chunk = &cut->chunk;
  const bool goes_on = chunk->is_cut && !chunk->is_last;
  const uint32_t step = goes_on ? chunk->step + chunk->steps : 0;
  const uint32_t first = goes_on ? chunk->first : chunk->first + chunk->count;
  if (first >= batch->sequences) {
    return false;
  }
  *chunk =
      (struct trine_chunk){.first = first, .step = step, .is_first = !goes_on, .is_last = true};
  while (!goes_on && first + chunk->count < batch->sequences &&
         chunk->count < most_sequences(cut) * cut->image->copies &&
         rows_fit(cut, chunk->count + 1,
                  (uint64_t)chunk->steps + batch->lengths[first + chunk->count])) {
    take(chunk, batch->lengths[first + chunk->count]);
  }
  give_all(cut);
  if (chunk->count == 0) {
    const uint32_t left = batch->lengths[first] - step;
    const uint32_t most = most_steps(cut->image, cut->rows_bytes);
    chunk->is_cut = true;
    take(chunk, left < most ? left : most);
    give(cut, 0, chunk->steps);
    chunk->is_last = chunk->steps == left;
  }
  return true;
}

void trine_cut_begin(struct trine_cut *cut, const struct trine_image *image, uint32_t window_bytes,
                     const struct trine_batch *batch, uint8_t *copy_of) {
  *cut = (struct trine_cut){.image = image,
                            .batch = batch,
                            .rows_bytes = window_bytes - image->rows_offset,
                            .is_kept = trine_batch_has_state(image, batch),
                            .copy_of = copy_of};
  (void)trine_cut_next(cut);
}

uint32_t trine_copy_of(const struct trine_cut *cut, uint32_t sequence) {
  return cut->image->copies > 1 ? cut->copy_of[sequence] : 0;
}

uint32_t trine_copy_next(const struct trine_cut *cut, uint32_t copy, uint32_t at) {
  do {
    at++;
  } while (at < cut->chunk.count && trine_copy_of(cut, at) != copy);
  return at;
}

uint32_t trine_chunk_steps(const struct trine_cut *cut, uint32_t sequence) {
  return cut->chunk.is_cut ? cut->chunk.steps : cut->batch->lengths[cut->chunk.first + sequence];
}

uint32_t trine_chunk_rows(const struct trine_cut *cut, uint32_t tensor) {
  return trine_image_tensor(cut->image, tensor)->per_sequence != 0 ? cut->chunk.count
                                                                   : cut->chunk.steps;
}

uint32_t trine_copy_rows(const struct trine_cut *cut, uint32_t tensor, uint32_t copy) {
  return trine_image_tensor(cut->image, tensor)->per_sequence != 0 ? cut->chunk.copy_count[copy]
                                                                   : cut->chunk.copy_steps[copy];
}

uint32_t trine_rows_offset(const struct trine_cut *cut, uint32_t tensor) {
  uint32_t at = cut->image->rows_offset;
  for (uint32_t t = 0; t < tensor; t++) {
    at += trine_chunk_rows(cut, t) * trine_image_tensor(cut->image, t)->stride;
  }
  return at;
}

bool trine_batch_has_state(const struct trine_image *image, const struct trine_batch *batch) {
  for (uint32_t n = 0; n < image->layer_count; n++) {
    if (trine_image_layer(image, n)->is_lstm != 0 &&
        ((batch->state_in != NULL && batch->state_in[n].h != NULL) ||
         (batch->state_out != NULL && batch->state_out[n].h != NULL))) {
      return true;
    }
  }
  return false;
}

/* A state that has an h has a c. */
static bool is_state_whole(const struct trine_image *image, const struct trine_lstm_state *states,
                           uint32_t *layer) {
  for (*layer = 0; states != NULL && *layer < image->layer_count; ++*layer) {
    if (trine_image_layer(image, *layer)->is_lstm != 0 && states[*layer].h != NULL &&
        states[*layer].c == NULL) {
      return false;
    }
  }
  return true;
}

/* Whether the last byte of rows at these strides has an address at all. */
static bool is_addressable(uint32_t sequences, uint64_t batch_stride, uint32_t steps,
                           uint64_t step_stride, uint32_t width) {
  uint64_t left = PTRDIFF_MAX - (uint64_t)width;
  const uint64_t counts[] = {sequences - 1, steps - 1}, strides[] = {batch_stride, step_stride};
  for (int n = 0; n < 2; n++) {
    if (counts[n] != 0 && strides[n] > left / counts[n]) {
      return false;
    }
    left -= counts[n] * strides[n];
  }
  return true;
}

/* Buffers and strides of a batch; lengths were looked at. */
static bool check_buffers(const struct trine_image *image, const struct trine_batch *batch,
                          struct trine_fault *fault) {
  uint32_t longest = 1, layer = 0;
  for (uint32_t b = 0; b < batch->sequences; b++) {
    longest = batch->lengths[b] > longest ? batch->lengths[b] : longest;
  }
  const struct trine_image_tensor *out = trine_image_tensor(image, image->tensor_count - 1);
  if (!is_addressable(batch->sequences, batch->input_batch_stride, longest,
                      batch->input_step_stride, trine_image_tensor(image, 0)->width) ||
      !is_addressable(batch->sequences, batch->output_batch_stride,
                      out->per_sequence != 0 ? 1 : longest, batch->output_step_stride,
                      out->width)) {
    *fault = (struct trine_fault){
        .status = TRINE_ERR_ARG,
        .kind = TRINE_FAULT_STRIDES,
        .number = {batch->input_batch_stride, batch->input_step_stride, batch->output_batch_stride,
                   batch->output_step_stride, batch->sequences, longest}};
    return false;
  }
  if (!is_state_whole(image, batch->state_in, &layer) ||
      !is_state_whole(image, batch->state_out, &layer)) {
    *fault = (struct trine_fault){
        .status = TRINE_ERR_ARG, .kind = TRINE_FAULT_STATE_HALF, .number = {layer}};
    return false;
  }
  for (uint32_t n = 0; trine_batch_has_state(image, batch) && n < image->layer_count; n++) {
    const uint32_t units = trine_image_layer(image, n)->units;
    if (!is_addressable(batch->sequences, 2 * (uint64_t)units, 1, 0, 2 * units)) {
      *fault = (struct trine_fault){
          .status = TRINE_ERR_ARG, .kind = TRINE_FAULT_STATE_FAR, .number = {batch->sequences, n}};
      return false;
    }
  }
  return true;
}

bool trine_batch_check(const struct trine_image *image, uint32_t window_bytes,
                       const struct trine_batch *batch, struct trine_fault *fault) {
  const struct trine_cut cut = {.image = image, .rows_bytes = window_bytes - image->rows_offset};
  if (batch == NULL || batch->sequences < 1 || batch->lengths == NULL || batch->input == NULL ||
      batch->output == NULL) {
    *fault =
        (struct trine_fault){.status = TRINE_ERR_ARG, .kind = TRINE_FAULT_NO_BATCH, .number = {0}};
    return false;
  }
  for (uint32_t b = 0; b < batch->sequences; b++) {
    const uint32_t steps = batch->lengths[b];
    if (steps < 1 || steps > INT32_MAX) {
      *fault = (struct trine_fault){
          .status = TRINE_ERR_ARG, .kind = TRINE_FAULT_LENGTH, .number = {b, steps}};
      return false;
    }
    if (!rows_fit(&cut, 1, steps) &&
        (image->is_cuttable == 0 || most_steps(image, cut.rows_bytes) < 1)) {
      *fault = (struct trine_fault){
          .status = TRINE_ERR_LIMIT,
          .kind = TRINE_FAULT_ROWS,
          .number = {b, steps, bytes_of_rows(image, 1, steps), cut.rows_bytes}};
      return false;
    }
  }
  if (trine_batch_has_state(image, batch) && image->max_kept < 1) {
    *fault =
        (struct trine_fault){.status = TRINE_ERR_LIMIT, .kind = TRINE_FAULT_KEPT, .number = {0}};
    return false;
  }
  return check_buffers(image, batch, fault);
}

static uint64_t low_high(const uint32_t *words) {
  return (uint64_t)words[1] << 32 | words[0];
}

struct trine_work trine_batch_work(const struct trine_image *image,
                                   const struct trine_batch *batch) {
  struct trine_work work = {0, 0, 0};
  for (uint32_t b = 0; b < batch->sequences; b++) {
    work.steps += batch->lengths[b];
  }
  for (uint32_t k = 0; k < image->chain_count; k++) { /* those of the first copy: all are alike */
    const struct trine_image_chain *chain = trine_image_chain(image, k);
    const bool is_short = trine_image_tensor(image, chain->source)->per_sequence != 0;
    for (uint32_t r = 0; r < image->ranks; r++) {
      work.macs += (is_short ? batch->sequences : work.steps) *
                   low_high(trine_image_words(image, chain->macs) + 2 * (size_t)r);
    }
  }
  uint64_t bytes = 0;
  for (uint32_t t = 0; t < image->tensor_count; t += image->tensor_count - 1) {
    const struct trine_image_tensor *tensor = trine_image_tensor(image, t);
    for (uint32_t p = 0; p < tensor->part_count; p++) {
      bytes += tensor->part_width[p] * (tensor->per_sequence != 0 ? batch->sequences : work.steps);
    }
  }
  const uint64_t macs_a_cycle = (uint64_t)image->macs_per_core * image->ranks;
  const uint64_t by_macs = (work.macs + macs_a_cycle - 1) / macs_a_cycle;
  const uint64_t by_bytes = (bytes + image->mem_bytes - 1) / image->mem_bytes;
  work.limit_cycles = by_macs > by_bytes ? by_macs : by_bytes;
  return work;
}
