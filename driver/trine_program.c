/* SPDX-License-Identifier: Apache-2.0 */
/* trine_program: a job's program for one piece of a batch (docs/programmers_guide.md). */
#include "trine_program.h"

#include "trine_internal.h"

/* The list being made. */
struct emitter {
  struct trine_job *job;
  const struct layout *layout;
  uint32_t *words; /* of the list */
  uint32_t count, limit;
  uint32_t rank;
};

uint32_t trine_crc32(const void *data, size_t len) {
  const uint8_t *bytes = data;
  uint32_t crc = UINT32_MAX;
  for (size_t n = 0; n < len; n++) {
    crc ^= bytes[n];
    for (int bit = 0; bit < 8; bit++) {
      crc = (crc & 1) != 0 ? crc >> 1 ^ UINT32_C(0xedb88320) : crc >> 1;
    }
  }
  return ~crc;
}

static void emit(struct emitter *out, uint32_t word) {
  if (out->count < out->limit) {
    out->words[out->count] = word;
  }
  out->count++;
}

static void emit_op(struct emitter *out, uint32_t op, uint32_t words) {
  emit(out, op | words << 16);
}

static uint32_t low_high(uint32_t low, uint32_t high) {
  return (low & 0xffff) | high << 16;
}

static void emit_load(struct emitter *out, uint32_t target, uint32_t local, uint32_t count,
                      uint32_t source) {
  emit_op(out, TRINE_OP_LOAD, 5);
  emit(out, target);
  emit(out, local);
  emit(out, count);
  emit(out, source);
}

static void emit_weights(struct emitter *out) {
  const struct trine_job *job = out->job;
  uint32_t rows = out->layout->param_beats[out->rank] * job->device->info.tail_rows;
  if (rows > 0) {
    emit_load(out, TRINE_LOAD_WEIGHTS, 0, out->layout->weight_words[out->rank],
              job->weights_offset[out->rank]);
    emit_load(out, TRINE_LOAD_PARAMS, 0, rows, job->params_offset[out->rank]);
  }
}

static uint32_t lines_of(const struct trine_job *job) {
  return trine_lines(job->network, &job->placement);
}

static uint32_t courses_of(const struct trine_job *job) {
  return trine_courses(job->network, &job->placement);
}

/* Sequences that the copy of a line has in the piece. */
static uint32_t sequences_of(const struct trine_job *job, uint32_t line) {
  return job->piece.copy_count[trine_line_copy(job->network, line)];
}

static bool has_state(const struct emitter *out, uint32_t n) {
  return out->layout->slice[n][out->rank].units > 0 &&
         trine_line_layer(out->job->network, n)->kind == TRINE_LAYER_LSTM;
}

static void emit_state_loads(struct emitter *out) {
  uint32_t vec_bytes = trine_geometry(&out->job->device->info).vec_bytes;
  for (uint32_t n = 0; n < lines_of(out->job); n++) {
    const struct slice_layout *slice = &out->layout->slice[n][out->rank];
    uint32_t count = sequences_of(out->job, n);
    if (has_state(out, n) && count > 0) {
      emit_load(out, TRINE_LOAD_VECTOR, slice->ring * vec_bytes,
                out->layout->channel[n].stride * vec_bytes * count, out->layout->h_image[n]);
      emit_load(out, TRINE_LOAD_STATE, slice->state, slice->state_stride * count, slice->image);
    }
  }
}

static void emit_saves(struct emitter *out) {
  for (uint32_t n = 0; n < lines_of(out->job); n++) {
    const struct slice_layout *slice = &out->layout->slice[n][out->rank];
    uint32_t count = sequences_of(out->job, n);
    if (has_state(out, n) && count > 0) {
      emit_op(out, TRINE_OP_SAVE, 4);
      emit(out, slice->state);
      emit(out, slice->state_stride * count);
      emit(out, slice->image);
    }
  }
}

static void emit_channels(struct emitter *out) {
  uint32_t channels = lines_of(out->job) + courses_of(out->job);
  for (uint32_t c = 0; c < channels; c++) {
    const struct channel_layout *channel = &out->layout->channel[c];
    if (channel->users[out->rank] > 0) {
      emit_op(out, TRINE_OP_CHANNEL, 4);
      emit(out, c | (uint32_t)channel->users[out->rank] << 8);
      emit(out, low_high(channel->ring[out->rank], channel->stride));
      emit(out, channel->words);
    }
  }
}

/* The channel a line reads: the line before, or its course's reader. */
static uint32_t input_channel(const struct emitter *out, uint32_t line) {
  const struct trine_network *network = out->job->network;
  const struct trine_chain *chain = trine_layer_chain(network, line % network->layer_count);
  uint32_t course =
      trine_line_copy(network, line) * network->chain_count + (uint32_t)(chain - network->chains);
  return trine_course_line(network, course) == line ? out->layout->chain[course].in_channel
                                                    : line - 1;
}

static void emit_context(struct emitter *out, uint32_t n) {
  const struct trine_layer *layer = trine_line_layer(out->job->network, n);
  const struct slice_layout *slice = &out->layout->slice[n][out->rank];
  bool is_lstm = layer->kind == TRINE_LAYER_LSTM;
  bool is_kept = is_lstm && out->layout->kept;
  emit_op(out, TRINE_OP_CONTEXT, 14);
  emit(out, slice->context | (is_lstm ? 0u : 1u << 4) | (is_kept ? 1u << 5 : 0u) |
                input_channel(out, n) << 8 | n << 12 | out->layout->channel[n].listeners << 16);
  emit(out, low_high(slice->x_chunks, slice->h_chunks));
  emit(out, low_high(slice->groups, slice->units));
  emit(out, slice->first);
  emit(out, slice->x_weight);
  emit(out, is_lstm ? slice->h_weight : 0);
  emit(out, low_high(slice->x_param, is_lstm ? slice->h_param : 0));
  emit(out, is_lstm ? low_high(slice->pre, slice->state) : 0);
  emit(out, is_kept ? low_high(slice->state_stride, slice->ring) : 0);
  emit(out, (is_kept ? out->layout->channel[n].stride : 0) |
                (uint32_t)(uint8_t)layer->zero_point << 16 |
                (is_lstm ? (uint32_t)(layer->cell_exponent + 15) << 24 : 0));
  emit(out, (is_lstm ? (uint16_t)layer->cell_clip : 0u) | (uint32_t)(uint8_t)layer->out_min << 16 |
                (uint32_t)(uint8_t)layer->out_max << 24);
  emit(out, is_lstm ? (uint32_t)layer->out.multiplier : 0);
  emit(out, is_lstm ? (uint32_t)layer->out.shift & 0x3f : 0);
}

/* The sequences of a course in the piece as seen by one side of its chain. */
static void emit_table(struct emitter *out, uint32_t course, bool writing, uint32_t first_entry) {
  const struct trine_job *job = out->job;
  const struct trine_chain *chain = trine_course_chain(job->network, course);
  uint32_t copy = trine_course_copy(job->network, course);
  bool source_rows = job->tensor[chain->source].per_sequence;
  uint32_t stride = job->tensor[writing ? chain->target : chain->source].stride;
  uint32_t go_on = job->piece.is_cut && !job->piece.is_first ? 1u << 31 : 0;
  uint32_t start = 0;
  emit_op(out, TRINE_OP_TABLE, 2 + 2 * job->piece.copy_count[copy]);
  emit(out, first_entry);
  for (uint32_t s = 0; s < job->piece.count; s++) {
    uint32_t length = source_rows ? 1 : trine_piece_length(job, s);
    uint32_t row = chain->reversed ? start + length - 1 : start;
    row = writing && chain->last_only ? s : row;
    if (job->copy_of[s] == copy) {
      emit(out, row * stride);
      emit(out, length | go_on);
    }
    start += length;
  }
}

static uint32_t signed_stride(const struct trine_chain *chain, uint32_t stride) {
  return chain->reversed ? 0u - stride : stride;
}

static uint32_t course_count(const struct emitter *out, uint32_t course) {
  return out->job->piece.copy_count[trine_course_copy(out->job->network, course)];
}

/* TABLE and WRITE of the stage's courses that end here. */
static void emit_writers(struct emitter *out, uint32_t stage, uint32_t *entry) {
  const struct trine_job *job = out->job;
  uint32_t mem_bytes = job->device->info.mem_bytes;
  uint32_t ram = 0;
  for (uint32_t k = 0; k < courses_of(job); k++) {
    const struct chain_layout *layout = &out->layout->chain[k];
    const struct trine_chain *chain = trine_course_chain(job->network, k);
    uint32_t count = course_count(out, k);
    if (layout->stage != stage || layout->writer_rank != out->rank || count == 0) {
      continue;
    }
    const struct tensor_layout *target = &job->tensor[chain->target];
    uint32_t width = out->layout->channel[layout->out_channel].width;
    uint32_t slot = trine_divide_up(width, mem_bytes);
    emit_table(out, k, true, *entry);
    emit_op(out, TRINE_OP_WRITE, 8);
    emit(out, layout->writer | layout->out_channel << 4 | (chain->last_only ? 1u << 8 : 0));
    emit(out, target->offset + target->part_offset[chain->target_part]);
    emit(out, signed_stride(chain, target->stride));
    emit(out, width);
    emit(out, low_high(*entry, count));
    emit(out, low_high(ram, slot));
    emit(out, 0);
    ram += slot * job->device->info.x_slots;
    *entry += count;
  }
}

static void emit_readers(struct emitter *out, uint32_t stage, uint32_t entry, bool tables) {
  const struct trine_job *job = out->job;
  for (uint32_t k = 0; k < courses_of(job); k++) {
    const struct chain_layout *layout = &out->layout->chain[k];
    const struct trine_chain *chain = trine_course_chain(job->network, k);
    uint32_t count = course_count(out, k);
    if (layout->stage != stage || layout->reader_rank != out->rank || count == 0) {
      continue;
    }
    const struct tensor_layout *source = &job->tensor[chain->source];
    const struct channel_layout *channel = &out->layout->channel[layout->in_channel];
    if (tables) {
      emit_table(out, k, false, entry);
    } else {
      emit_op(out, TRINE_OP_READ, 7);
      emit(out, layout->reader | layout->in_channel << 4 | channel->listeners << 8);
      emit(out, source->offset);
      emit(out, signed_stride(chain, source->stride));
      emit(out, low_high(channel->words, source->stride / job->device->info.mem_bytes));
      emit(out, low_high(entry, count));
      emit(out, 0);
    }
    entry += count;
  }
}

/* Contexts of a course on this rank. */
static uint32_t course_contexts(const struct emitter *out, uint32_t course) {
  const struct trine_network *network = out->job->network;
  uint32_t first = trine_course_line(network, course), mask = 0;
  for (uint32_t n = 0; n < trine_course_chain(network, course)->layer_count; n++) {
    const struct slice_layout *slice = &out->layout->slice[first + n][out->rank];
    mask |= slice->units > 0 ? 1u << slice->context : 0;
  }
  return mask;
}

/* A RUN for each number of steps; all but the last go on, so that all run together. */
static void emit_runs(struct emitter *out, uint32_t stage) {
  const struct trine_job *job = out->job;
  uint32_t masks[TRINE_MAX_COPIES] = {0}, steps[TRINE_MAX_COPIES] = {0}, runs = 0;
  for (uint32_t k = 0; k < courses_of(job); k++) {
    const struct trine_chain *chain = trine_course_chain(job->network, k);
    uint32_t rows = trine_copy_rows(job, chain->source, trine_course_copy(job->network, k));
    uint32_t mask = course_contexts(out, k), run = 0;
    if (out->layout->chain[k].stage != stage || rows == 0 || mask == 0) {
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
    emit_op(out, TRINE_OP_RUN, 3);
    emit(out, masks[run] | (run + 1 < runs ? (uint32_t)TRINE_RUN_MORE : 0));
    emit(out, steps[run]);
  }
}

/* Writers are set up before the barrier and readers after it: the first word may cross the bus
 * as soon as one core has passed. The first stage of a resident program has none: every core
 * listens since the program before, and its rows were written before START. */
static void emit_stage(struct emitter *out, uint32_t stage, bool resident) {
  uint32_t entry = 0;
  emit_writers(out, stage, &entry);
  emit_readers(out, stage, entry, true);
  if (stage > 0 || !resident) {
    emit_op(out, TRINE_OP_BARRIER, 1);
  }
  emit_readers(out, stage, entry, false);
  emit_runs(out, stage);
}

static void emit_list(struct emitter *out, bool with_loads, bool resident) {
  const struct trine_job *job = out->job;
  if (with_loads) {
    emit_weights(out);
  }
  if (job->batch_kept && job->piece.is_first) {
    emit_state_loads(out);
  }
  if (!resident) {
    emit_channels(out);
    for (uint32_t n = 0; n < lines_of(job); n++) {
      if (out->layout->slice[n][out->rank].units > 0) {
        emit_context(out, n);
      }
    }
  }
  for (uint32_t s = 0; s < out->layout->stages; s++) {
    emit_stage(out, s, resident);
  }
  if (job->batch_kept && job->piece.is_last) {
    emit_saves(out);
  }
  emit_op(out, TRINE_OP_END, 1);
}

uint32_t trine_program_bound(const struct trine_info *info, const struct trine_network *network,
                             uint32_t ranks, uint32_t copies) {
  /* A rank: every context and channel, loads and saves of every line, and in each stage a barrier,
   * runs and what its courses bring (together no more table entries than there are). */
  uint32_t lines = copies * network->layer_count, courses = copies * network->chain_count;
  uint32_t list = 16 + lines * (14 + 10 + 4 + 4) + courses * (4 + 4) +
                  courses * (2 * 2 + 7 + 8 + 3) + courses * 2 * info->table_entries;
  return 4 * (8 + 4 * ranks + 16 + ranks * (list + 16));
}

enum trine_status trine_write_program(struct trine_job *job, bool with_loads, bool resident) {
  const struct trine_info *info = &job->device->info;
  const struct layout *layout = job->batch_kept ? &job->kept : &job->plain;
  uint32_t ranks = job->placement.ranks;
  uint32_t beat = info->mem_bytes / 4;
  uint32_t limit = job->program_bytes / 4;
  uint32_t *words = job->words;
  uint32_t at = trine_round_up(8 + 4 * ranks, beat);
  for (uint32_t n = 0; n < at; n++) {
    words[n] = 0;
  }
  for (uint32_t r = 0; r < ranks; r++) {
    struct emitter out = {
        .job = job, .layout = layout, .words = words + at, .rank = r, .limit = limit - at};
    emit_list(&out, with_loads, resident);
    uint32_t end = trine_round_up(at + out.count, beat);
    if (out.count > out.limit || end > limit) {
      return trine_fail(job->device, TRINE_ERR_MEMORY,
                        "the program of %u words does not fit its %u bytes", end,
                        job->program_bytes);
    }
    uint32_t *entry = words + 8 + 4 * r;
    entry[0] = 4 * at;
    entry[1] = out.count;
    entry[2] = trine_crc32(out.words, (size_t)out.count * 4);
    for (uint32_t n = at + out.count; n < end; n++) {
      words[n] = 0;
    }
    at = end;
  }
  words[0] = TRINE_PROGRAM_MAGIC;
  words[1] = TRINE_PROGRAM_VERSION;
  words[2] = 4 * at;
  words[3] = (uint32_t)job->placement.mode | ranks << 8;
  words[4] = info->config_hash;
  words[5] = resident ? 1 : 0;
  words[7] = trine_crc32(words, 28);
  return trine_memory_write(job->device, job->window_base, words, 4 * at);
}
