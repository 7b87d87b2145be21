/* SPDX-License-Identifier: Apache-2.0 */
/* assemble: the program of one chunk, see assemble.h. */
#include "program/assemble.h"

#include "program/list.h"

/* What is assembled, and the list it goes into. */
struct assembly {
  const struct trine_cut *cut;
  const struct trine_image *image;
  struct trine_list list;
};

static void emit_ops(struct assembly *job, const uint32_t *words, uint32_t count) {
  for (uint32_t at = 0, length; at < count && job->list.is_good; at += length) {
    length = trine_op_length(words[at]);
    job->list.is_good = length >= 1 && length <= TRINE_BLOCK_WORDS && length <= count - at;
    if (job->list.is_good) {
      trine_list_op(&job->list, words + at, length);
    }
  }
}

static void emit_load(struct assembly *job, uint32_t rank, uint32_t buffer, uint32_t local,
                      uint32_t count, uint32_t source) {
  uint32_t words[TRINE_WORDS_LOAD];
  trine_encode_load(1u << rank, buffer, local, count, source, words);
  trine_list_op(&job->list, words, TRINE_WORDS_LOAD);
}

/* LOAD or SAVE of what a rank has of a state. */
static void emit_state(struct assembly *job, const struct trine_image_state *state, uint32_t rank,
                       bool saving) {
  const struct trine_image_slice *slice = trine_image_slice(job->image, state, rank);
  const uint32_t count = job->cut->chunk.copy_count[state->copy];
  if (slice->units == 0 || count == 0) {
    return;
  }
  if (saving) {
    uint32_t words[TRINE_WORDS_SAVE];
    trine_encode_save(1u << rank, slice->entry, slice->stride * count, slice->offset, words);
    trine_list_op(&job->list, words, TRINE_WORDS_SAVE);
  } else {
    emit_load(job, rank, TRINE_LOAD_VECTOR, slice->ring, state->h_bytes * count, state->h_offset);
    emit_load(job, rank, TRINE_LOAD_STATE, slice->entry, slice->stride * count, slice->offset);
  }
}

/* Ranks save beside each other, so they take turns. */
static void emit_states(struct assembly *job, bool saving) {
  for (uint32_t n = 0; n < job->image->state_count; n++) {
    for (uint32_t rank = 0; rank < job->image->ranks; rank++) {
      emit_state(job, trine_image_state(job->image, n), rank, saving);
    }
  }
}

static uint32_t signed_stride(const struct trine_image_chain *chain, uint32_t stride) {
  return chain->reversed != 0 ? 0u - stride : stride;
}

/* A TABLE under way. */
struct sequence_table {
  uint32_t words[TRINE_BLOCK_WORDS];
  uint32_t rank, first, entries;
};

static void end_table(struct assembly *job, struct sequence_table *table) {
  const uint32_t count = TRINE_WORDS_TABLE_HEAD + TRINE_WORDS_TABLE_ENTRY * table->entries;
  if (table->entries == 0) {
    return;
  }
  table->words[0] = trine_op_word(TRINE_OP_TABLE, count, 1u << table->rank);
  trine_put_field(table->words, TRINE_FIELD_TABLE_FIRST, table->first);
  trine_list_op(&job->list, table->words, count);
  table->first += table->entries;
  table->entries = 0;
}

static void add_sequence(struct assembly *job, struct sequence_table *table, uint32_t offset,
                         uint32_t length, bool continued) {
  uint32_t *entry =
      table->words + TRINE_WORDS_TABLE_HEAD + TRINE_WORDS_TABLE_ENTRY * table->entries;
  trine_put_field(entry - TRINE_WORDS_TABLE_HEAD, TRINE_FIELD_TABLE_OFFSET, offset);
  trine_put_field(entry - TRINE_WORDS_TABLE_HEAD, TRINE_FIELD_TABLE_LENGTH, length);
  trine_put_field(entry - TRINE_WORDS_TABLE_HEAD, TRINE_FIELD_TABLE_CONTINUED, continued);
  table->entries++;
  if (table->entries == TRINE_MOST_TABLE_ENTRIES) {
    end_table(job, table);
  }
}

/* The chunk begins in the middle of a sequence. */
static bool goes_on(const struct trine_cut *cut) {
  return cut->chunk.is_cut && !cut->chunk.is_first;
}

/* The sequences of a chain in the chunk as seen by one of its sides. */
static void emit_table(struct assembly *job, const struct trine_image_chain *chain, bool writing,
                       uint32_t first_entry) {
  const struct trine_cut *cut = job->cut;
  const bool source_rows = trine_image_tensor(job->image, chain->source)->per_sequence != 0;
  const uint32_t stride =
      trine_image_tensor(job->image, writing ? chain->target : chain->source)->stride;
  struct sequence_table table = {.rank = writing ? chain->writer_rank : chain->reader_rank,
                                 .first = first_entry};
  uint32_t start = 0;
  for (uint32_t s = 0; s < cut->chunk.count; s++) {
    const uint32_t length = source_rows ? 1 : trine_chunk_steps(cut, s);
    uint32_t row = chain->reversed != 0 ? start + length - 1 : start;
    row = writing && chain->last_only != 0 ? s : row;
    if (trine_copy_of(cut, s) == chain->copy) {
      add_sequence(job, &table, row * stride, length, goes_on(cut));
    }
    start += length;
  }
  end_table(job, &table);
}

/* What of a stream goes into the list. */
enum stream_part { TABLES = 1, STREAMS = 2 };

/* TABLE and WRITE of the stage's chains that end on a rank; the table's next entry. */
static uint32_t emit_writers(struct assembly *job, uint32_t stage, uint32_t rank, unsigned parts) {
  uint32_t ram = 0, entry = 0;
  for (uint32_t k = 0; k < trine_image_chains(job->image); k++) {
    const struct trine_image_chain *chain = trine_image_chain(job->image, k);
    const uint32_t count = job->cut->chunk.copy_count[chain->copy];
    if (chain->stage != stage || chain->writer_rank != rank) {
      continue;
    }
    /* Its slots are the same in every batch: words may come before WRITE. */
    const uint32_t slots = ram;
    ram += chain->slot_words * job->image->x_slots;
    if (count == 0) {
      continue;
    }
    if ((parts & TABLES) != 0) {
      emit_table(job, chain, true, entry);
    }
    const struct trine_op_write write = {
        .channel = chain->write_channel,
        .base = trine_rows_offset(job->cut, chain->target) + chain->target_offset,
        .stride = signed_stride(chain, trine_image_tensor(job->image, chain->target)->stride),
        .bytes = chain->write_width,
        .first = entry,
        .sequences = count,
        .ram = slots,
        .ram_stride = chain->slot_words};
    uint32_t words[TRINE_WORDS_WRITE];
    trine_encode_write(1u << rank, &write, words);
    if ((parts & STREAMS) != 0) {
      trine_list_op(&job->list, words, TRINE_WORDS_WRITE);
    }
    entry += count;
  }
  return entry;
}

static void emit_readers(struct assembly *job, uint32_t stage, uint32_t rank, uint32_t entry,
                         enum stream_part part) {
  for (uint32_t k = 0; k < trine_image_chains(job->image); k++) {
    const struct trine_image_chain *chain = trine_image_chain(job->image, k);
    const uint32_t count = job->cut->chunk.copy_count[chain->copy];
    if (chain->stage != stage || chain->reader_rank != rank || count == 0) {
      continue;
    }
    if (part == TABLES) {
      emit_table(job, chain, false, entry);
    } else {
      const struct trine_op_read read = {
          .channel = chain->read_channel,
          .base = trine_rows_offset(job->cut, chain->source),
          .stride = signed_stride(chain, trine_image_tensor(job->image, chain->source)->stride),
          .row = chain->read_beats,
          .first = entry,
          .sequences = count};
      uint32_t words[TRINE_WORDS_READ];
      trine_encode_read(1u << rank, &read, words);
      trine_list_op(&job->list, words, TRINE_WORDS_READ);
    }
    entry += count;
  }
}

/* These of all writers' streams, rank by rank. */
static void emit_all_writers(struct assembly *job, uint32_t stage, enum stream_part part) {
  for (uint32_t rank = 0; rank < job->image->ranks; rank++) {
    (void)emit_writers(job, stage, rank, part);
  }
}

/* READ of all readers; their entries of the table are behind those of the rank's writers. */
static void emit_all_readers(struct assembly *job, uint32_t stage) {
  for (uint32_t rank = 0; rank < job->image->ranks; rank++) {
    emit_readers(job, stage, rank, emit_writers(job, stage, rank, 0), STREAMS);
  }
}

/* TABLE of all readers and writers, and WRITE if asked for, rank by rank. */
static void emit_tables(struct assembly *job, uint32_t stage, unsigned parts) {
  for (uint32_t rank = 0; rank < job->image->ranks; rank++) {
    emit_readers(job, stage, rank, emit_writers(job, stage, rank, parts), TABLES);
  }
}

/* Rows that the chain's contexts run for if it is of the stage; 0: none. */
static uint32_t rows_of(const struct assembly *job, uint32_t stage, uint32_t k) {
  const struct trine_image_chain *chain = trine_image_chain(job->image, k);
  return chain->stage == stage ? trine_copy_rows(job->cut, chain->source, chain->copy) : 0;
}

/* The contexts of each rank that run for as many rows as chain k's; 0 if one before k has them. */
static uint32_t find_contexts(const struct assembly *job, uint32_t stage, uint32_t k,
                              uint32_t contexts[TRINE_MAX_CORES]) {
  const uint32_t rows = rows_of(job, stage, k);
  for (uint32_t n = 0; n < trine_image_chains(job->image); n++) {
    if (rows == 0 || rows_of(job, stage, n) != rows) {
      continue;
    }
    if (n < k) {
      return 0;
    }
    for (uint32_t rank = 0; rank < job->image->ranks; rank++) {
      const struct trine_image_chain *chain = trine_image_chain(job->image, n);
      contexts[rank] |= *trine_image_words(job->image, chain->contexts + rank);
    }
  }
  return rows;
}

/* A RUN of the ranks that have the same contexts for the same number of steps; all but the last go
 * on, so that all run together. What follows may go on beside the last one too. */
static void emit_runs(struct assembly *job, uint32_t stage, bool goes_on_behind) {
  const enum trine_run_begin begins = goes_on(job->cut) ? TRINE_RUN_GOES_ON : TRINE_RUN_BEGINS;
  uint32_t words[TRINE_WORDS_RUN] = {0};
  for (uint32_t k = 0; k < trine_image_chains(job->image); k++) {
    uint32_t contexts[TRINE_MAX_CORES] = {0}, done = 0;
    const uint32_t rows = find_contexts(job, stage, k, contexts);
    for (uint32_t rank = 0; rows != 0 && rank < job->image->ranks; rank++) {
      uint32_t ranks = 0;
      for (uint32_t r = rank; r < job->image->ranks; r++) {
        ranks |= contexts[r] == contexts[rank] ? 1u << r : 0;
      }
      if (contexts[rank] == 0 || (done >> rank & 1) != 0) {
        continue;
      }
      if (words[0] != 0) {
        trine_list_op(&job->list, words, TRINE_WORDS_RUN);
      }
      trine_encode_run(ranks, contexts[rank], rows, true, begins, words);
      done |= ranks;
    }
  }
  if (words[0] != 0) {
    trine_put_field(words, TRINE_FIELD_RUN_MORE, goes_on_behind);
    trine_list_op(&job->list, words, TRINE_WORDS_RUN);
  }
}

/* Writers are set up before readers: the first word may cross the bus as soon as one is. */
static void emit_stage(struct assembly *job, uint32_t stage) {
  emit_tables(job, stage, TABLES | STREAMS);
  emit_all_readers(job, stage);
  emit_runs(job, stage, false);
}

static void emit_end(struct assembly *job) {
  const uint32_t word = trine_op_word(TRINE_OP_END, TRINE_WORDS_END, 0);
  if (job->cut->is_kept && job->cut->chunk.is_last) {
    emit_states(job, true);
  }
  trine_list_op(&job->list, &word, TRINE_WORDS_END);
}

/* What a REPEAT does again. Contexts run while the streams are set up, since h parts may begin, and
 * SAVE and END wait for all of it. With copies a writer may never have heard its channel, since the
 * batches before had no sequence for it: then it does before anything runs. */
static void emit_last_block(struct assembly *job) {
  if (job->image->copies > 1) {
    emit_all_writers(job, 0, STREAMS);
    emit_all_readers(job, 0);
    emit_runs(job, 0, true);
  } else {
    emit_runs(job, 0, true);
    emit_all_readers(job, 0);
    emit_all_writers(job, 0, STREAMS);
  }
  emit_end(job);
}

static bool put_nowhere(void *ctx, uint32_t at, uint32_t word) {
  (void)ctx;
  (void)at;
  (void)word;
  return true;
}

/* Whether all that a resident program does fits into its list's last block. */
static bool is_repeatable(const struct assembly *job) {
  static const struct trine_program_out nowhere = {NULL, put_nowhere};
  struct assembly tried = *job;
  tried.list.out = &nowhere;
  tried.list.held = 0;
  emit_last_block(&tried);
  return job->image->stages == 1 && tried.list.index == job->list.index + 1;
}

/* The only stage of a resident program, so that it can be repeated. */
static void emit_repeatable(struct assembly *job) {
  emit_tables(job, 0, TABLES);
  if (job->list.held > 0) {
    trine_list_end_block(&job->list, false);
  }
  emit_last_block(job);
}

/* Loads, or channels and contexts, that the image has for each rank. */
static void emit_fixed(struct assembly *job, bool loads) {
  const bool kept = job->cut->is_kept;
  for (uint32_t n = 0; n < job->image->ranks; n++) {
    const struct trine_image_rank *rank = trine_image_rank(job->image, n);
    const uint32_t first = loads ? rank->loads : rank->setup[kept];
    emit_ops(job, trine_image_words(job->image, first),
             loads ? rank->load_words : rank->setup_words[kept]);
  }
}

static void emit_list(struct assembly *job, enum trine_resident resident) {
  if (resident == TRINE_RESIDENT_NOTHING) {
    emit_fixed(job, true);
  }
  if (job->cut->is_kept && job->cut->chunk.is_first) {
    emit_states(job, false);
  }
  if (resident != TRINE_RESIDENT_ALL) {
    emit_fixed(job, false);
  }
  if (resident == TRINE_RESIDENT_ALL && is_repeatable(job)) {
    emit_repeatable(job);
    return;
  }
  for (uint32_t s = 0; s < job->image->stages; s++) {
    emit_stage(job, s);
  }
  emit_end(job);
}

bool trine_assemble(const struct trine_cut *cut, enum trine_resident resident,
                    const struct trine_program_out *out, uint32_t *words) {
  const struct trine_image *image = cut->image;
  uint32_t head[TRINE_WORDS_HEAD] = {0};
  struct assembly job = {
      .cut = cut,
      .image = image,
      .list = {
          .out = out, .at = TRINE_WORDS_HEAD, .end = image->program_bytes / 4, .is_good = true}};
  emit_list(&job, resident);
  const uint32_t count = job.list.at - TRINE_WORDS_HEAD;
  *words = job.list.at;
  trine_put_field(head, TRINE_FIELD_HEAD_MAGIC, TRINE_PROGRAM_MAGIC);
  trine_put_field(head, TRINE_FIELD_HEAD_VERSION, TRINE_PROGRAM_VERSION);
  trine_put_field(head, TRINE_FIELD_HEAD_BYTES, 4 * job.list.at);
  trine_put_field(head, TRINE_FIELD_HEAD_MODE, image->mode);
  trine_put_field(head, TRINE_FIELD_HEAD_RANKS, image->ranks);
  trine_put_field(head, TRINE_FIELD_HEAD_CONFIG_HASH, image->config_hash);
  trine_put_field(head, TRINE_FIELD_HEAD_RESIDENT, resident == TRINE_RESIDENT_ALL);
  trine_put_field(head, TRINE_FIELD_HEAD_WORDS, count);
  /* The host is little-endian, see trine_image.h. */
  trine_put_field(head, TRINE_FIELD_HEAD_CRC, trine_crc32(0, head, 4 * (TRINE_WORDS_HEAD - 1)));
  job.list.at = 0;
  for (uint32_t n = 0; n < TRINE_WORDS_HEAD; n++) {
    trine_list_put(&job.list, head[n]);
  }
  return job.list.is_good && count >> TRINE_LIST_BITS == 0;
}
