/* SPDX-License-Identifier: Apache-2.0 */
/* assemble: the program of one chunk, see assemble.h. */
#include "program/assemble.h"

#include "program/format.h"

/* The list being made. */
struct program_list {
  const struct trine_cut *cut;
  const struct trine_image *image;
  const struct trine_program_out *out;
  uint32_t rank;
  uint32_t at, end; /* next word of the program, and where its room ends */
  uint32_t crc;
  bool is_good;
};

static uint32_t round_up(uint32_t a, uint32_t b) {
  return (a + b - 1) / b * b;
}

static void emit(struct program_list *list, uint32_t word) {
  const uint8_t bytes[4] = {(uint8_t)word, (uint8_t)(word >> 8), (uint8_t)(word >> 16),
                            (uint8_t)(word >> 24)};
  list->crc = trine_crc32(list->crc, bytes, sizeof bytes);
  list->is_good =
      list->is_good && list->at < list->end && list->out->put(list->out->ctx, list->at, word);
  list->at++;
}

static void emit_op(struct program_list *list, enum trine_op op, uint32_t words) {
  emit(list, trine_op_word(op, words));
}

static void emit_words(struct program_list *list, const uint32_t *words, uint32_t count) {
  for (uint32_t n = 0; n < count; n++) {
    emit(list, words[n]);
  }
}

static void emit_load(struct program_list *list, uint32_t buffer, uint32_t local, uint32_t count,
                      uint32_t source) {
  uint32_t words[TRINE_WORDS_LOAD];
  trine_encode_load(buffer, local, count, source, words);
  emit_words(list, words, TRINE_WORDS_LOAD);
}

/* LOAD or SAVE of the states of all layers that the rank has units of. */
static void emit_states(struct program_list *list, bool saving) {
  for (uint32_t n = 0; n < list->image->state_count; n++) {
    const struct trine_image_state *state = trine_image_state(list->image, n);
    const struct trine_image_slice *slice = trine_image_slice(list->image, state, list->rank);
    const uint32_t count = list->cut->chunk.copy_count[state->copy];
    if (slice->units == 0 || count == 0) {
      continue;
    }
    if (saving) {
      uint32_t words[TRINE_WORDS_SAVE];
      trine_encode_save(slice->entry, slice->stride * count, slice->offset, words);
      emit_words(list, words, TRINE_WORDS_SAVE);
    } else {
      emit_load(list, TRINE_LOAD_VECTOR, slice->ring, state->h_bytes * count, state->h_offset);
      emit_load(list, TRINE_LOAD_STATE, slice->entry, slice->stride * count, slice->offset);
    }
  }
}

static uint32_t signed_stride(const struct trine_image_chain *chain, uint32_t stride) {
  return chain->reversed != 0 ? 0u - stride : stride;
}

/* The sequences of a chain in the chunk as seen by one of its sides. */
static void emit_table(struct program_list *list, const struct trine_image_chain *chain,
                       bool writing, uint32_t first_entry) {
  const struct trine_cut *cut = list->cut;
  const bool source_rows = trine_image_tensor(list->image, chain->source)->per_sequence != 0;
  const uint32_t stride =
      trine_image_tensor(list->image, writing ? chain->target : chain->source)->stride;
  const bool goes_on = cut->chunk.is_cut && !cut->chunk.is_first;
  uint32_t start = 0;
  emit_op(list, TRINE_OP_TABLE, TRINE_WORDS_TABLE_HEAD + 2 * cut->chunk.copy_count[chain->copy]);
  emit(list, first_entry);
  for (uint32_t s = 0; s < cut->chunk.count; s++) {
    const uint32_t length = source_rows ? 1 : trine_chunk_steps(cut, s);
    uint32_t row = chain->reversed != 0 ? start + length - 1 : start;
    row = writing && chain->last_only != 0 ? s : row;
    if (trine_copy_of(cut, s) == chain->copy) {
      uint32_t words[TRINE_WORDS_TABLE_HEAD + TRINE_WORDS_TABLE_ENTRY] = {0};
      trine_put_field(words, TRINE_FIELD_TABLE_OFFSET, row * stride);
      trine_put_field(words, TRINE_FIELD_TABLE_LENGTH, length);
      trine_put_field(words, TRINE_FIELD_TABLE_CONTINUED, goes_on);
      emit_words(list, words + TRINE_WORDS_TABLE_HEAD, TRINE_WORDS_TABLE_ENTRY);
    }
    start += length;
  }
}

/* TABLE and WRITE of the stage's chains that end here. */
static void emit_writers(struct program_list *list, uint32_t stage, uint32_t *entry) {
  uint32_t ram = 0;
  for (uint32_t k = 0; k < trine_image_chains(list->image); k++) {
    const struct trine_image_chain *chain = trine_image_chain(list->image, k);
    const uint32_t count = list->cut->chunk.copy_count[chain->copy];
    if (chain->stage != stage || chain->writer_rank != list->rank || count == 0) {
      continue;
    }
    emit_table(list, chain, true, *entry);
    const struct trine_op_write write = {
        .channel = chain->write_channel,
        .base = trine_rows_offset(list->cut, chain->target) + chain->target_offset,
        .stride = signed_stride(chain, trine_image_tensor(list->image, chain->target)->stride),
        .bytes = chain->write_width,
        .first = *entry,
        .sequences = count,
        .ram = ram,
        .ram_stride = chain->slot_words};
    uint32_t words[TRINE_WORDS_WRITE];
    trine_encode_write(&write, words);
    emit_words(list, words, TRINE_WORDS_WRITE);
    ram += chain->slot_words * list->image->x_slots;
    *entry += count;
  }
}

static void emit_readers(struct program_list *list, uint32_t stage, uint32_t entry, bool tables) {
  for (uint32_t k = 0; k < trine_image_chains(list->image); k++) {
    const struct trine_image_chain *chain = trine_image_chain(list->image, k);
    const uint32_t count = list->cut->chunk.copy_count[chain->copy];
    if (chain->stage != stage || chain->reader_rank != list->rank || count == 0) {
      continue;
    }
    if (tables) {
      emit_table(list, chain, false, entry);
    } else {
      const struct trine_op_read read = {
          .channel = chain->read_channel,
          .base = trine_rows_offset(list->cut, chain->source),
          .stride = signed_stride(chain, trine_image_tensor(list->image, chain->source)->stride),
          .row = chain->read_beats,
          .first = entry,
          .sequences = count};
      uint32_t words[TRINE_WORDS_READ];
      trine_encode_read(&read, words);
      emit_words(list, words, TRINE_WORDS_READ);
    }
    entry += count;
  }
}

/* A RUN for each number of steps; all but the last go on, so that all run together. */
static void emit_runs(struct program_list *list, uint32_t stage) {
  uint32_t masks[TRINE_MAX_COPIES] = {0}, steps[TRINE_MAX_COPIES] = {0}, runs = 0;
  for (uint32_t k = 0; k < trine_image_chains(list->image); k++) {
    const struct trine_image_chain *chain = trine_image_chain(list->image, k);
    const uint32_t rows = trine_copy_rows(list->cut, chain->source, chain->copy);
    const uint32_t mask = *trine_image_words(list->image, chain->contexts + list->rank);
    uint32_t run = 0;
    if (chain->stage != stage || rows == 0 || mask == 0) {
      continue;
    }
    while (run < runs && steps[run] != rows) {
      run++;
    }
    runs += run == runs ? 1 : 0;
    masks[run] |= mask;
    steps[run] = rows;
  }
  for (uint32_t run = 0; run < runs; run++) {
    uint32_t words[TRINE_WORDS_RUN];
    trine_encode_run(masks[run], steps[run], run + 1 < runs, words);
    emit_words(list, words, TRINE_WORDS_RUN);
  }
}

/* Writers are set up before the barrier and readers after it: the first word may cross the bus
 * as soon as one core has passed. The first stage of a resident program has none: every core
 * listens since the program before, and its rows were written before START. */
static void emit_stage(struct program_list *list, uint32_t stage, bool is_resident) {
  uint32_t entry = 0;
  emit_writers(list, stage, &entry);
  emit_readers(list, stage, entry, true);
  if (stage > 0 || !is_resident) {
    emit_op(list, TRINE_OP_BARRIER, TRINE_WORDS_BARRIER);
  }
  emit_readers(list, stage, entry, false);
  emit_runs(list, stage);
}

static void emit_list(struct program_list *list, enum trine_resident resident) {
  const struct trine_image_rank *rank = trine_image_rank(list->image, list->rank);
  const struct trine_cut *cut = list->cut;
  if (resident == TRINE_RESIDENT_NOTHING) {
    emit_words(list, trine_image_words(list->image, rank->loads), rank->load_words);
  }
  if (cut->is_kept && cut->chunk.is_first) {
    emit_states(list, false);
  }
  if (resident != TRINE_RESIDENT_ALL) {
    emit_words(list, trine_image_words(list->image, rank->setup[cut->is_kept]),
               rank->setup_words[cut->is_kept]);
  }
  for (uint32_t s = 0; s < list->image->stages; s++) {
    emit_stage(list, s, resident == TRINE_RESIDENT_ALL);
  }
  if (cut->is_kept && cut->chunk.is_last) {
    emit_states(list, true);
  }
  emit_op(list, TRINE_OP_END, TRINE_WORDS_END);
}

uint32_t trine_program_bound(uint32_t ranks, uint32_t layers, uint32_t chains,
                             uint32_t table_entries) {
  /* A rank: every context and channel, loads and saves of every layer, and in each stage a barrier,
   * runs and what its chains bring (together no more table entries than there are). */
  const uint32_t list = 16 + layers * (14 + 10 + 4 + 4) + chains * (4 + 4) +
                        chains * (2 * 2 + 7 + 8 + 3) + chains * 2 * table_entries;
  return 4 * (8 + 4 * ranks + 16 + ranks * (list + 16));
}

/* Zeros up to the next beat of memory. */
static void pad(struct program_list *list, uint32_t beat) {
  while (list->at % beat != 0) {
    emit(list, 0);
  }
}

bool trine_assemble(const struct trine_cut *cut, enum trine_resident resident,
                    const struct trine_program_out *out, uint32_t *words) {
  const struct trine_image *image = cut->image;
  const uint32_t beat = image->mem_bytes / 4;
  const uint32_t table = TRINE_WORDS_HEAD + TRINE_WORDS_ENTRY * image->ranks;
  uint32_t head[TRINE_WORDS_HEAD + TRINE_WORDS_ENTRY * TRINE_MAX_CORES] = {0};
  struct program_list list = {.cut = cut,
                              .image = image,
                              .out = out,
                              .at = round_up(table, beat),
                              .end = image->program_bytes / 4,
                              .is_good = true};
  const uint32_t first = list.at;
  for (list.rank = 0; list.rank < image->ranks; list.rank++) {
    uint32_t *entry = head + TRINE_WORDS_HEAD + TRINE_WORDS_ENTRY * list.rank;
    entry[0] = 4 * list.at;
    list.crc = 0;
    emit_list(&list, resident);
    entry[1] = list.at - entry[0] / 4;
    entry[2] = list.crc;
    pad(&list, beat);
  }
  *words = list.at;
  head[0] = TRINE_PROGRAM_MAGIC;
  head[1] = TRINE_PROGRAM_VERSION;
  head[2] = 4 * list.at;
  head[3] = image->mode | image->ranks << 8;
  head[4] = image->config_hash;
  head[5] = resident == TRINE_RESIDENT_ALL ? 1 : 0;
  head[7] = trine_crc32(0, head, 28); /* little-endian hosts only, see trine_image.h */
  list.at = 0;
  for (uint32_t n = 0; n < first; n++) {
    emit(&list, n < table ? head[n] : 0);
  }
  return list.is_good;
}
