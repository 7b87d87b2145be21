/* SPDX-License-Identifier: Apache-2.0 */
/* assemble: the program of one chunk, see assemble.h. */
#include "program/assemble.h"

#include "program/format.h"

/* The list being made: its operations are kept until a block is full. */
struct program_list {
  const struct trine_cut *cut;
  const struct trine_image *image;
  const struct trine_program_out *out;
  uint32_t rank;
  uint32_t at, end; /* next word of the program, and where its room ends */
  uint32_t crc;     /* of the heads and operations of the list */
  uint32_t block[TRINE_BLOCK_WORDS];
  uint32_t held, index; /* words of the block; blocks before it */
  bool is_good;
};

static uint32_t round_up(uint32_t a, uint32_t b) {
  return (a + b - 1) / b * b;
}

static void emit(struct program_list *list, uint32_t word) {
  list->is_good =
      list->is_good && list->at < list->end && list->out->put(list->out->ctx, list->at, word);
  list->at++;
}

/* A word that the CRC of its block covers. */
static void emit_covered(struct program_list *list, uint32_t word) {
  const uint8_t bytes[4] = {(uint8_t)word, (uint8_t)(word >> 8), (uint8_t)(word >> 16),
                            (uint8_t)(word >> 24)};
  list->crc = trine_crc32(list->crc, bytes, sizeof bytes);
  emit(list, word);
}

static void end_block(struct program_list *list, bool is_last) {
  uint32_t head[TRINE_WORDS_BLOCK] = {0};
  trine_put_field(head, TRINE_FIELD_BLOCK_CODE, TRINE_BLOCK_CODE);
  trine_put_field(head, TRINE_FIELD_BLOCK_WORDS, list->held);
  trine_put_field(head, TRINE_FIELD_BLOCK_LAST, is_last);
  trine_put_field(head, TRINE_FIELD_BLOCK_RANK, list->rank);
  trine_put_field(head, TRINE_FIELD_BLOCK_INDEX, list->index);
  emit_covered(list, head[0]);
  for (uint32_t n = 0; n < list->held; n++) {
    emit_covered(list, list->block[n]);
  }
  emit(list, list->crc);
  list->held = 0;
  list->index++;
}

/* An operation goes into the block; one that does not fit begins the next. */
static void emit_op(struct program_list *list, const uint32_t *words, uint32_t count) {
  if (list->held + count > TRINE_BLOCK_WORDS) {
    end_block(list, false);
  }
  for (uint32_t n = 0; n < count; n++) {
    list->block[list->held++] = words[n];
  }
  if (trine_op_parks(words)) {
    end_block(list, (words[0] & 0xff) == TRINE_OP_END);
  }
}

static void emit_ops(struct program_list *list, const uint32_t *words, uint32_t count) {
  for (uint32_t at = 0, length; at < count && list->is_good; at += length) {
    length = words[at] >> 16;
    list->is_good = length >= 1 && length <= TRINE_BLOCK_WORDS && length <= count - at;
    if (list->is_good) {
      emit_op(list, words + at, length);
    }
  }
}

static void emit_bare(struct program_list *list, enum trine_op op) {
  const uint32_t word = trine_op_word(op, 1);
  emit_op(list, &word, 1);
}

static void emit_load(struct program_list *list, uint32_t buffer, uint32_t local, uint32_t count,
                      uint32_t source) {
  uint32_t words[TRINE_WORDS_LOAD];
  trine_encode_load(buffer, local, count, source, words);
  emit_op(list, words, TRINE_WORDS_LOAD);
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
      emit_op(list, words, TRINE_WORDS_SAVE);
    } else {
      emit_load(list, TRINE_LOAD_VECTOR, slice->ring, state->h_bytes * count, state->h_offset);
      emit_load(list, TRINE_LOAD_STATE, slice->entry, slice->stride * count, slice->offset);
    }
  }
}

static uint32_t signed_stride(const struct trine_image_chain *chain, uint32_t stride) {
  return chain->reversed != 0 ? 0u - stride : stride;
}

/* A TABLE under way. */
struct sequence_table {
  uint32_t words[TRINE_BLOCK_WORDS];
  uint32_t first, entries;
};

static void end_table(struct program_list *list, struct sequence_table *table) {
  const uint32_t count = TRINE_WORDS_TABLE_HEAD + TRINE_WORDS_TABLE_ENTRY * table->entries;
  if (table->entries == 0) {
    return;
  }
  table->words[0] = trine_op_word(TRINE_OP_TABLE, count);
  trine_put_field(table->words, TRINE_FIELD_TABLE_FIRST, table->first);
  emit_op(list, table->words, count);
  table->first += table->entries;
  table->entries = 0;
}

static void add_sequence(struct program_list *list, struct sequence_table *table, uint32_t offset,
                         uint32_t length, bool continued) {
  uint32_t *entry =
      table->words + TRINE_WORDS_TABLE_HEAD + TRINE_WORDS_TABLE_ENTRY * table->entries;
  trine_put_field(entry - TRINE_WORDS_TABLE_HEAD, TRINE_FIELD_TABLE_OFFSET, offset);
  trine_put_field(entry - TRINE_WORDS_TABLE_HEAD, TRINE_FIELD_TABLE_LENGTH, length);
  trine_put_field(entry - TRINE_WORDS_TABLE_HEAD, TRINE_FIELD_TABLE_CONTINUED, continued);
  table->entries++;
  if (table->entries == TRINE_MOST_TABLE_ENTRIES) {
    end_table(list, table);
  }
}

/* The chunk begins in the middle of a sequence. */
static bool goes_on(const struct trine_cut *cut) {
  return cut->chunk.is_cut && !cut->chunk.is_first;
}

/* The sequences of a chain in the chunk as seen by one of its sides. */
static void emit_table(struct program_list *list, const struct trine_image_chain *chain,
                       bool writing, uint32_t first_entry) {
  const struct trine_cut *cut = list->cut;
  const bool source_rows = trine_image_tensor(list->image, chain->source)->per_sequence != 0;
  const uint32_t stride =
      trine_image_tensor(list->image, writing ? chain->target : chain->source)->stride;
  struct sequence_table table = {.first = first_entry};
  uint32_t start = 0;
  for (uint32_t s = 0; s < cut->chunk.count; s++) {
    const uint32_t length = source_rows ? 1 : trine_chunk_steps(cut, s);
    uint32_t row = chain->reversed != 0 ? start + length - 1 : start;
    row = writing && chain->last_only != 0 ? s : row;
    if (trine_copy_of(cut, s) == chain->copy) {
      add_sequence(list, &table, row * stride, length, goes_on(cut));
    }
    start += length;
  }
  end_table(list, &table);
}

/* What of a stream goes into the list. */
enum stream_part { TABLES = 1, STREAMS = 2 };

/* TABLE and WRITE of the stage's chains that end here; the table's next entry. */
static uint32_t emit_writers(struct program_list *list, uint32_t stage, unsigned parts) {
  uint32_t ram = 0, entry = 0;
  for (uint32_t k = 0; k < trine_image_chains(list->image); k++) {
    const struct trine_image_chain *chain = trine_image_chain(list->image, k);
    const uint32_t count = list->cut->chunk.copy_count[chain->copy];
    if (chain->stage != stage || chain->writer_rank != list->rank) {
      continue;
    }
    /* Its slots are the same in every batch: words may come before WRITE. */
    const uint32_t slots = ram;
    ram += chain->slot_words * list->image->x_slots;
    if (count == 0) {
      continue;
    }
    if ((parts & TABLES) != 0) {
      emit_table(list, chain, true, entry);
    }
    const struct trine_op_write write = {
        .channel = chain->write_channel,
        .base = trine_rows_offset(list->cut, chain->target) + chain->target_offset,
        .stride = signed_stride(chain, trine_image_tensor(list->image, chain->target)->stride),
        .bytes = chain->write_width,
        .first = entry,
        .sequences = count,
        .ram = slots,
        .ram_stride = chain->slot_words};
    uint32_t words[TRINE_WORDS_WRITE];
    trine_encode_write(&write, words);
    if ((parts & STREAMS) != 0) {
      emit_op(list, words, TRINE_WORDS_WRITE);
    }
    entry += count;
  }
  return entry;
}

static void emit_readers(struct program_list *list, uint32_t stage, uint32_t entry,
                         enum stream_part part) {
  for (uint32_t k = 0; k < trine_image_chains(list->image); k++) {
    const struct trine_image_chain *chain = trine_image_chain(list->image, k);
    const uint32_t count = list->cut->chunk.copy_count[chain->copy];
    if (chain->stage != stage || chain->reader_rank != list->rank || count == 0) {
      continue;
    }
    if (part == TABLES) {
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
      emit_op(list, words, TRINE_WORDS_READ);
    }
    entry += count;
  }
}

/* A RUN for each number of steps; all but the last go on, so that all run together. What follows
 * may go on beside the last one too. */
static void emit_runs(struct program_list *list, uint32_t stage, bool goes_on_behind) {
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
  const enum trine_run_begin begins = goes_on(list->cut) ? TRINE_RUN_GOES_ON : TRINE_RUN_BEGINS;
  for (uint32_t run = 0; run < runs; run++) {
    uint32_t words[TRINE_WORDS_RUN];
    trine_encode_run(masks[run], steps[run], goes_on_behind || run + 1 < runs, begins, words);
    emit_op(list, words, TRINE_WORDS_RUN);
  }
}

/* Writers are set up before the barrier and readers after it: the first word may cross the bus
 * as soon as one core has passed. The first stage of a resident program has none: every core
 * listens since the program before, and its rows were written before START. */
static void emit_stage(struct program_list *list, uint32_t stage, bool is_resident) {
  const uint32_t entry = emit_writers(list, stage, TABLES | STREAMS);
  emit_readers(list, stage, entry, TABLES);
  if (stage > 0 || !is_resident) {
    emit_bare(list, TRINE_OP_BARRIER);
  }
  emit_readers(list, stage, entry, STREAMS);
  emit_runs(list, stage, false);
}

static void emit_end(struct program_list *list) {
  if (list->cut->is_kept && list->cut->chunk.is_last) {
    emit_states(list, true);
  }
  emit_bare(list, TRINE_OP_END);
}

/* What a REPEAT does again. Contexts run while the streams are set up, since h parts may begin, and
 * SAVE and END wait for all of it. With copies a writer may never have heard its channel, since the
 * batches before had no sequence for it: then it does before anything runs. */
static void emit_last_block(struct program_list *list) {
  const bool writers_first = list->image->copies > 1;
  const uint32_t entry = emit_writers(list, 0, writers_first ? STREAMS : 0);
  if (!writers_first) {
    emit_runs(list, 0, true);
  }
  emit_readers(list, 0, entry, STREAMS);
  if (writers_first) {
    emit_runs(list, 0, true);
  } else {
    (void)emit_writers(list, 0, STREAMS);
  }
  emit_end(list);
}

static bool put_nowhere(void *ctx, uint32_t at, uint32_t word) {
  (void)ctx;
  (void)at;
  (void)word;
  return true;
}

/* Whether all that a resident program does fits into its list's last block. */
static bool is_repeatable(const struct program_list *list) {
  static const struct trine_program_out nowhere = {NULL, put_nowhere};
  struct program_list tried = *list;
  tried.out = &nowhere;
  tried.held = 0;
  emit_last_block(&tried);
  return list->image->stages == 1 && tried.index == list->index + 1;
}

/* The only stage of a resident program, so that it can be repeated. */
static void emit_repeatable(struct program_list *list) {
  const uint32_t entry = emit_writers(list, 0, TABLES);
  emit_readers(list, 0, entry, TABLES);
  if (list->held > 0) {
    end_block(list, false);
  }
  emit_last_block(list);
}

static void emit_list(struct program_list *list, enum trine_resident resident) {
  const struct trine_image_rank *rank = trine_image_rank(list->image, list->rank);
  const struct trine_cut *cut = list->cut;
  if (resident == TRINE_RESIDENT_NOTHING) {
    emit_ops(list, trine_image_words(list->image, rank->loads), rank->load_words);
  }
  if (cut->is_kept && cut->chunk.is_first) {
    emit_states(list, false);
  }
  if (resident != TRINE_RESIDENT_ALL) {
    emit_ops(list, trine_image_words(list->image, rank->setup[cut->is_kept]),
             rank->setup_words[cut->is_kept]);
  }
  if (resident == TRINE_RESIDENT_ALL && is_repeatable(list)) {
    emit_repeatable(list);
    return;
  }
  for (uint32_t s = 0; s < list->image->stages; s++) {
    emit_stage(list, s, resident == TRINE_RESIDENT_ALL);
  }
  emit_end(list);
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
    const uint32_t begin = list.at;
    list.crc = 0;
    list.index = 0;
    emit_list(&list, resident);
    trine_put_field(entry, TRINE_FIELD_ENTRY_OFFSET, 4 * begin);
    trine_put_field(entry, TRINE_FIELD_ENTRY_WORDS, list.at - begin);
    pad(&list, beat);
  }
  *words = list.at;
  trine_put_field(head, TRINE_FIELD_HEAD_MAGIC, TRINE_PROGRAM_MAGIC);
  trine_put_field(head, TRINE_FIELD_HEAD_VERSION, TRINE_PROGRAM_VERSION);
  trine_put_field(head, TRINE_FIELD_HEAD_BYTES, 4 * list.at);
  trine_put_field(head, TRINE_FIELD_HEAD_MODE, image->mode);
  trine_put_field(head, TRINE_FIELD_HEAD_RANKS, image->ranks);
  trine_put_field(head, TRINE_FIELD_HEAD_CONFIG_HASH, image->config_hash);
  trine_put_field(head, TRINE_FIELD_HEAD_RESIDENT, resident == TRINE_RESIDENT_ALL);
  /* The host is little-endian, see trine_image.h. */
  trine_put_field(head, TRINE_FIELD_HEAD_CRC, trine_crc32(0, head, 4 * (TRINE_WORDS_HEAD - 1)));
  list.at = 0;
  for (uint32_t n = 0; n < first; n++) {
    emit(&list, n < table ? head[n] : 0);
  }
  return list.is_good;
}
