/* SPDX-License-Identifier: Apache-2.0 */
/* valid: whether a block of memory is an image, so that whoever goes by its tables stays inside. */
#include "program/format.h"
#include "trine_image.h"

enum { MOST_ROW_BYTES = 1 << 24, MOST_INSTANCES = 16, MOST_OPERATION = 62 /* words */ };

/* A table of `count` entries of `entry` bytes, at a multiple of 4. */
static bool has(const struct trine_image *image, uint32_t at, uint64_t count, size_t entry) {
  return at % 4 == 0 && at <= image->bytes && count * entry <= image->bytes - at;
}

/* Words at words_at. */
static bool has_words(const struct trine_image *image, uint32_t first, uint64_t count) {
  return first <= image->bytes / 4 && image->words_at + 4 * (uint64_t)first <= image->names_at &&
         4 * count <= image->names_at - image->words_at - 4 * (uint64_t)first;
}

static bool head_fits(const struct trine_image *image) {
  return image->config[TRINE_CONFIG_BYTES - 1] == '\0' && image->mode <= TRINE_MODE_HYBRID &&
         image->ranks >= 1 && image->ranks <= TRINE_MAX_CORES && image->copies >= 1 &&
         image->copies <= TRINE_MAX_COPIES && image->layer_count >= 1 &&
         image->layer_count * image->copies <= MOST_INSTANCES && image->chain_count >= 1 &&
         image->layer_count <= MOST_INSTANCES && image->chain_count <= MOST_INSTANCES &&
         image->chain_count * image->copies <= MOST_INSTANCES && image->tensor_count >= 2 &&
         image->tensor_count <= TRINE_MAX_TENSORS &&
         image->state_count <= image->layer_count * image->copies && image->mem_bytes >= 4 &&
         image->mem_bytes <= 64 && image->mem_bytes % 4 == 0 && image->x_slots >= 1 &&
         image->table_entries >= 1 && image->table_entries <= 32766 && image->macs_per_core >= 1 &&
         image->stages >= 1 && image->stages <= MOST_INSTANCES && image->max_sequences >= 1 &&
         image->max_sequences <= image->table_entries && image->max_kept <= image->max_sequences &&
         image->copy_of_bytes >= (image->copies > 1 ? image->copies * image->max_sequences : 0) &&
         image->copy_of_bytes <= INT32_MAX && image->saved_bytes <= INT32_MAX &&
         image->program_bytes % 4 == 0 && image->rows_offset % 4 == 0 &&
         image->rows_offset <= INT32_MAX && image->data_bytes <= INT32_MAX &&
         image->program_bytes <= image->rows_offset &&
         image->data_bytes <= image->rows_offset - image->program_bytes &&
         image->data_bytes % 4 == 0;
}

/* Where head, tables and names end: at the image's own window, or at the data. */
static uint32_t tables_end(const struct trine_image *image) {
  return image->window_at != 0 ? image->window_at : image->data_at;
}

/* The window that the image has itself: at a multiple of a window's, its data in their place. */
static bool window_fits(const struct trine_image *image) {
  return image->window_at == 0 ||
         (image->window_at % TRINE_WINDOW_ALIGN == 0 && image->window_at <= image->data_at &&
          image->data_at - image->window_at == image->program_bytes);
}

static bool tables_fit(const struct trine_image *image) {
  return has(image, image->tensors_at, image->tensor_count, sizeof(struct trine_image_tensor)) &&
         has(image, image->ranks_at, image->ranks, sizeof(struct trine_image_rank)) &&
         has(image, image->chains_at, trine_image_chains(image),
             sizeof(struct trine_image_chain)) &&
         has(image, image->layers_at, image->layer_count, sizeof(struct trine_image_layer)) &&
         has(image, image->states_at, image->state_count, sizeof(struct trine_image_state)) &&
         image->words_at % 4 == 0 && image->names_at <= image->bytes &&
         image->words_at <= image->names_at && tables_end(image) >= sizeof *image &&
         has(image, image->data_at, image->data_bytes, 1) && window_fits(image) &&
         image->names_at < tables_end(image) &&
         ((const char *)trine_image_at(image, tables_end(image)))[-1] == '\0';
}

static bool tensor_fits(const struct trine_image *image, uint32_t n) {
  const struct trine_image_tensor *tensor = trine_image_tensor(image, n);
  uint32_t end = 0;
  bool fits = tensor->part_count >= 1 && tensor->part_count <= TRINE_IMAGE_PARTS &&
              tensor->stride >= 1 && tensor->stride <= MOST_ROW_BYTES &&
              tensor->stride % image->mem_bytes == 0 && tensor->width <= tensor->stride;
  for (uint32_t p = 0; fits && p < tensor->part_count; p++) {
    fits = tensor->part_offset[p] >= end && tensor->part_offset[p] <= tensor->width &&
           tensor->part_width[p] >= 1 &&
           tensor->part_width[p] <= tensor->width - tensor->part_offset[p];
    end = tensor->part_offset[p] + tensor->part_width[p];
  }
  return fits && tensor->per_sequence <= 1;
}

static bool chain_fits(const struct trine_image *image, uint32_t n) {
  const struct trine_image_chain *chain = trine_image_chain(image, n);
  return chain->copy == n / image->chain_count && chain->stage < image->stages &&
         chain->source < image->tensor_count && chain->target < image->tensor_count &&
         chain->reader_rank < image->ranks && chain->writer_rank < image->ranks &&
         has_words(image, chain->contexts, image->ranks) &&
         has_words(image, chain->macs, 2 * (uint64_t)image->ranks);
}

/* Whole operations, each of which fits a block. */
static bool has_operations(const struct trine_image *image, uint32_t first, uint32_t count) {
  bool fits = has_words(image, first, count);
  for (uint32_t at = 0, length; fits && at < count; at += length) {
    length = trine_op_length(trine_image_words(image, first)[at]);
    fits = length >= 1 && length <= MOST_OPERATION && length <= count - at;
  }
  return fits;
}

static bool rank_fits(const struct trine_image *image, uint32_t n) {
  const struct trine_image_rank *rank = trine_image_rank(image, n);
  return has_operations(image, rank->loads, rank->load_words) &&
         has_operations(image, rank->setup[0], rank->setup_words[0]) &&
         has_operations(image, rank->setup[1], rank->setup_words[1]);
}

/* Bytes [offset, offset + count) of the window are before its rows. */
static bool is_before_rows(const struct trine_image *image, uint32_t offset, uint64_t count) {
  return offset % 4 == 0 && offset <= image->rows_offset && count <= image->rows_offset - offset;
}

static bool state_fits(const struct trine_image *image, uint32_t n, uint64_t *saved) {
  const struct trine_image_state *state = trine_image_state(image, n);
  bool fits = state->layer < image->layer_count && state->copy < image->copies &&
              trine_image_layer(image, state->layer)->is_lstm == 1 &&
              trine_image_layer(image, state->layer)->units <= state->h_bytes &&
              state->h_bytes % 4 == 0 && state->h_bytes <= MOST_ROW_BYTES &&
              is_before_rows(image, state->h_offset, (uint64_t)state->h_bytes * image->max_kept) &&
              has_words(image, state->slices,
                        (uint64_t)image->ranks * (sizeof(struct trine_image_slice) / 4));
  for (uint32_t r = 0; fits && r < image->ranks; r++) {
    const struct trine_image_slice *slice = trine_image_slice(image, state, r);
    const uint32_t units = trine_image_layer(image, state->layer)->units;
    fits = slice->units <= slice->stride && slice->stride <= 65536 && slice->first <= units &&
           slice->units <= units - slice->first &&
           is_before_rows(image, slice->offset, 4 * (uint64_t)slice->stride * image->max_kept);
    *saved += 4 * (uint64_t)slice->stride * image->max_kept;
  }
  return fits;
}

bool trine_image_is_valid(const void *memory, size_t bytes) {
  const struct trine_image *image = memory;
  if (memory == NULL || bytes < sizeof *image || (uintptr_t)memory % sizeof(uint32_t) != 0 ||
      image->magic != TRINE_IMAGE_MAGIC || image->version != TRINE_IMAGE_VERSION ||
      image->bytes != bytes || !head_fits(image) || !tables_fit(image) ||
      image->crc != trine_image_crc(image)) {
    return false;
  }
  bool fits = true;
  uint64_t saved = 0;
  for (uint32_t n = 0; fits && n < image->tensor_count; n++) {
    fits = tensor_fits(image, n);
  }
  for (uint32_t n = 0; fits && n < image->layer_count; n++) {
    const struct trine_image_layer *layer = trine_image_layer(image, n);
    fits = layer->is_lstm <= 1 && layer->units >= 1 && layer->name_at >= image->names_at &&
           layer->name_at < tables_end(image);
  }
  for (uint32_t n = 0; fits && n < trine_image_chains(image); n++) {
    fits = chain_fits(image, n);
  }
  for (uint32_t n = 0; fits && n < image->ranks; n++) {
    fits = rank_fits(image, n);
  }
  for (uint32_t n = 0; fits && n < image->state_count; n++) {
    fits = state_fits(image, n, &saved);
  }
  return fits && saved <= image->saved_bytes;
}

uint64_t trine_image_least_window(const struct trine_image *image) {
  uint64_t bytes = image->rows_offset;
  for (uint32_t t = 0; t < image->tensor_count; t++) {
    bytes += trine_image_tensor(image, t)->stride;
  }
  return bytes;
}
