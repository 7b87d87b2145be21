/* SPDX-License-Identifier: Apache-2.0 */
/* compose: see compose.h. */
#include "compose.h"

#include "program/format.h"

enum { CHANNELS = 16, STREAMS = 2, ALIGN = 8, MAX_STEPS = 12, ENDLESS = 0x7fffffff };

uint32_t compose_below(struct seed_stream *stream, uint32_t below) {
  return (uint32_t)(seed_next(stream) % below);
}

static bool one_in(struct seed_stream *stream, uint32_t times) {
  return compose_below(stream, times) == 0;
}

uint32_t compose_edge(struct seed_stream *stream) {
  uint32_t power = 1u << compose_below(stream, 32);
  switch (compose_below(stream, 6)) {
    case 0:
      return compose_below(stream, 4);
    case 1:
      return power;
    case 2:
      return power - 1;
    case 3:
      return 0u - power;
    case 4:
      return power << 16 | (power & 0xffff);
    default:
      return (uint32_t)seed_next(stream);
  }
}

/* Below a limit, and now and then at it, behind it or anywhere. */
static uint32_t within(struct seed_stream *stream, uint32_t limit) {
  uint32_t low = limit < 64 ? limit : 64;
  switch (compose_below(stream, 80)) {
    case 0:
      return compose_edge(stream) & 0xffff;
    case 1:
      return limit;
    case 2:
      return limit - 1;
    case 3:
    case 4:
      return compose_below(stream, limit);
    default:
      return compose_below(stream, low);
  }
}

static uint32_t address(struct seed_stream *stream, uint32_t window_bytes) {
  uint32_t at = one_in(stream, 24) ? window_bytes - compose_below(stream, 256)
                                   : compose_below(stream, window_bytes);
  return at & ~(uint32_t)(ALIGN - 1);
}

static uint32_t put(uint32_t *words, uint32_t op, uint32_t count) {
  words[0] = trine_op_word(op, count, 0);
  return count;
}

static uint32_t pair(uint32_t low, uint32_t high) {
  return (low & 0xffff) | high << 16;
}

static uint32_t put_load(struct seed_stream *stream, const struct trine_info *info,
                         uint32_t window_bytes, uint32_t *words) {
  const uint32_t limits[] = {info->weight_bytes / (info->lanes * info->macs_per_lane),
                             info->param_rows, info->ring_bytes, info->state_units};
  words[1] = compose_below(stream, 4);
  words[2] = within(stream, limits[words[1]]) & ~3u;
  words[3] = 4 * (1 + compose_below(stream, 32));
  words[4] = address(stream, window_bytes);
  return put(words, TRINE_OP_LOAD, 5);
}

static uint32_t put_save(struct seed_stream *stream, const struct trine_info *info,
                         uint32_t window_bytes, uint32_t *words) {
  words[1] = within(stream, info->state_units);
  words[2] = 1 + compose_below(stream, 64);
  words[3] = address(stream, window_bytes);
  return put(words, TRINE_OP_SAVE, 4);
}

static uint32_t put_channel(struct seed_stream *stream, const struct trine_info *info,
                            uint32_t channel, uint32_t users, uint32_t *words) {
  words[1] = channel | users << 8;
  words[2] =
      pair(within(stream, info->ring_bytes / info->macs_per_lane), 1 + compose_below(stream, 6));
  words[3] = 1 + compose_below(stream, 4);
  return put(words, TRINE_OP_CHANNEL, 4);
}

/* A context that reads a channel and publishes another, for so many listeners. */
static uint32_t put_context(struct seed_stream *stream, const struct trine_info *info,
                            uint32_t context, uint32_t in, uint32_t out, uint32_t listeners,
                            uint32_t *words) {
  bool is_dense = one_in(stream, 2), is_kept = !is_dense && one_in(stream, 3);
  uint32_t groups = 1 + compose_below(stream, 3);
  uint32_t rows = groups * (is_dense ? info->lanes : info->lanes / 4);
  words[1] =
      context | (is_dense ? 16u : 0) | (is_kept ? 32u : 0) | in << 8 | out << 12 | listeners << 16;
  words[2] = pair(1 + compose_below(stream, 4), is_dense ? 0 : 1 + compose_below(stream, 4));
  words[3] = pair(groups, 1 + compose_below(stream, rows));
  words[4] = compose_below(stream, 4) * (is_dense ? info->lanes : info->lanes / 4);
  words[5] = within(stream, info->weight_bytes / (info->lanes * info->macs_per_lane));
  words[6] = within(stream, info->weight_bytes / (info->lanes * info->macs_per_lane));
  words[7] = pair(within(stream, info->param_rows / info->tail_rows), compose_below(stream, 32));
  words[8] = pair(within(stream, info->pre_units), within(stream, info->state_units));
  words[9] = is_kept ? pair(compose_below(stream, 16), compose_below(stream, 64)) : 0;
  words[10] = (is_kept ? compose_below(stream, 8) : 0) | compose_below(stream, 256) << 16 |
              (is_dense ? 0 : compose_below(stream, 7) << 24);
  words[11] = 0x7f800000 | (is_dense ? 0 : compose_below(stream, 32768));
  words[12] = is_dense ? 0 : 0x40000000 | compose_below(stream, 0x40000000);
  words[13] = is_dense ? 0 : compose_below(stream, 64);
  return put(words, TRINE_OP_CONTEXT, 14);
}

static uint32_t put_read(struct seed_stream *stream, const struct trine_info *info,
                         uint32_t window_bytes, uint32_t channel, uint32_t listeners,
                         uint32_t *words) {
  uint32_t bus_words = 1 + compose_below(stream, 4);
  uint32_t least = (bus_words * info->bus_bytes + info->mem_bytes - 1) / info->mem_bytes;
  uint32_t more;
  if (one_in(stream, 8)) {
    more = 60000;
  } else {
    more = compose_below(stream, one_in(stream, 4) ? 3000 : 8);
  }
  words[1] = compose_below(stream, STREAMS) | channel << 4 | listeners << 8;
  words[2] = address(stream, window_bytes);
  words[3] = (uint32_t)ALIGN * compose_below(stream, 8);
  words[4] = pair(bus_words, least + more);
  words[5] = pair(compose_below(stream, 4), 1 + compose_below(stream, 3));
  words[6] = 0;
  return put(words, TRINE_OP_READ, 7);
}

static uint32_t put_write(struct seed_stream *stream, const struct trine_info *info,
                          uint32_t window_bytes, uint32_t channel, uint32_t *words) {
  words[1] = compose_below(stream, STREAMS) | channel << 4 | compose_below(stream, 2) << 8;
  words[2] = address(stream, window_bytes);
  words[3] = (uint32_t)ALIGN * compose_below(stream, 8);
  words[4] = 1 + compose_below(stream, 16);
  words[5] = pair(compose_below(stream, 4), 1 + compose_below(stream, 3));
  words[6] = pair(within(stream, info->writer_bytes / info->mem_bytes / 4),
                  (words[4] + info->mem_bytes - 1) / info->mem_bytes + compose_below(stream, 2));
  words[7] = 0;
  return put(words, TRINE_OP_WRITE, 8);
}

static uint32_t put_table(struct seed_stream *stream, uint32_t window_bytes, uint32_t *words) {
  uint32_t pairs = 1 + compose_below(stream, 6);
  words[1] = compose_below(stream, 4);
  for (uint32_t n = 0; n < pairs; n++) {
    words[2 + 2 * n] =
        one_in(stream, 3) ? compose_edge(stream) & ~7u : address(stream, window_bytes) / 16 & ~7u;
    if (one_in(stream, 12)) {
      words[3 + 2 * n] = compose_edge(stream);
    } else {
      words[3 + 2 * n] =
          (1 + compose_below(stream, MAX_STEPS)) | (one_in(stream, 4) ? 1u << 31 : 0);
    }
  }
  return put(words, TRINE_OP_TABLE, 2 + 2 * pairs);
}

static uint32_t put_run(struct seed_stream *stream, uint32_t mask, uint32_t *words) {
  words[1] = mask | (one_in(stream, 8) ? 1u << 16 : 0);
  words[2] = one_in(stream, 16) ? (uint32_t)ENDLESS : 1 + compose_below(stream, 2 * MAX_STEPS);
  return put(words, TRINE_OP_RUN, 3);
}

static uint32_t put_any(struct seed_stream *stream, const struct trine_info *info,
                        uint32_t window_bytes, uint32_t *words) {
  uint32_t channel = compose_below(stream, one_in(stream, 4) ? CHANNELS : 4);
  uint32_t listeners = 1 + compose_below(stream, info->cores);
  switch (compose_below(stream, 11)) {
    case 0:
      return put_load(stream, info, window_bytes, words);
    case 1:
      return put_save(stream, info, window_bytes, words);
    case 2:
      return put_channel(stream, info, channel, compose_below(stream, 4), words);
    case 3:
      return put_context(stream, info, compose_below(stream, info->contexts), channel,
                         compose_below(stream, 4), listeners, words);
    case 4:
    case 5:
      return put_read(stream, info, window_bytes, channel, listeners, words);
    case 6:
      return put_write(stream, info, window_bytes, channel, words);
    case 7:
      return put_table(stream, window_bytes, words);
    case 8:
      return put_run(stream, compose_below(stream, 8), words);
    case 9:
      return put(words, TRINE_OP_BARRIER, 1);
    default:
      return put(words, one_in(stream, 8) ? TRINE_OP_END : TRINE_OP_BARRIER, 1);
  }
}

/* Says which ranks do an operation: END and BARRIER name none, of a LOAD only one does. Now and
 * then what is said may not be said. */
static void name(struct seed_stream *stream, uint32_t mask, uint32_t *words) {
  const uint32_t op = words[0] & 0xff;
  const bool is_right = !one_in(stream, 64);
  if (is_right && (op == TRINE_OP_END || op == TRINE_OP_BARRIER)) {
    mask = 0;
  } else if (is_right && op == TRINE_OP_LOAD) {
    mask &= 0u - mask;
  } else if (!is_right) {
    mask = one_in(stream, 2) ? 0 : compose_edge(stream) & 0xffff;
  }
  trine_put_field(words, TRINE_FIELD_FIRST_RANKS, mask);
}

/* Some of so many. */
static uint32_t some(struct seed_stream *stream, uint32_t ranks) {
  return 1 + compose_below(stream, (1u << ranks) - 1);
}

uint32_t compose_operation(struct seed_stream *stream, const struct trine_info *info,
                           uint32_t ranks, uint32_t window_bytes, uint32_t *words) {
  const uint32_t count = put_any(stream, info, window_bytes, words);
  name(stream, some(stream, ranks), words);
  return count;
}

/* A program under way. */
struct composed {
  struct seed_stream *stream;
  const struct trine_info *info;
  uint32_t window_bytes, contexts;
  struct list *list;
};

static void add(const struct composed *composed, uint32_t mask, uint32_t *words, uint32_t count) {
  name(composed->stream, mask, words);
  list_insert(composed->list, composed->list->count, words, count);
}

/* Those of a channel that all ranks hear; now and then one counts wrongly. */
static uint32_t listeners(struct seed_stream *stream, const struct list *list) {
  return one_in(stream, 8) ? 1 + compose_below(stream, list->ranks + 1) : list->ranks;
}

/* Channels 0 (read from memory), and one a context behind it, of some ranks. */
static void add_channels(const struct composed *composed, uint32_t mask) {
  struct seed_stream *stream = composed->stream;
  uint32_t w[COMPOSE_OPERATION_WORDS];
  for (uint32_t n = 0; n <= composed->contexts; n++) {
    bool is_read = n < composed->contexts || one_in(stream, 2);
    uint32_t users;
    if (one_in(stream, 8)) {
      users = compose_below(stream, 4);
    } else if (is_read) {
      users = 1;
    } else {
      users = 2;
    }
    add(composed, mask, w, put_channel(stream, composed->info, n, users, w));
  }
}

static void add_contexts(const struct composed *composed, uint32_t mask) {
  struct seed_stream *stream = composed->stream;
  uint32_t w[COMPOSE_OPERATION_WORDS];
  for (uint32_t n = 0; n < composed->contexts; n++) {
    const uint32_t hear = listeners(stream, composed->list);
    add(composed, mask, w, put_context(stream, composed->info, n, n, n + 1, hear, w));
  }
}

/* All ranks together, or each by itself. */
static void set_up(const struct composed *composed, uint32_t all,
                   void (*part)(const struct composed *composed, uint32_t mask)) {
  if (!one_in(composed->stream, 3)) {
    part(composed, all);
    return;
  }
  for (uint32_t mask = 1; mask <= all; mask <<= 1) {
    part(composed, mask);
  }
}

/* A stream is rank 0's, and now and then others' too. */
static uint32_t streams_of(struct seed_stream *stream, uint32_t ranks) {
  return one_in(stream, 4) ? some(stream, ranks) : 1;
}

/* Loads, sets up, and runs; the last channel is written. */
static void compose_list(const struct composed *composed) {
  struct seed_stream *stream = composed->stream;
  const struct trine_info *info = composed->info;
  const uint32_t ranks = composed->list->ranks, all = (1u << ranks) - 1;
  const uint32_t bytes = composed->window_bytes, contexts = composed->contexts;
  uint32_t w[COMPOSE_OPERATION_WORDS];
  for (uint32_t n = 0; n < 2 * ranks && one_in(stream, 2); n++) {
    add(composed, some(stream, ranks), w, put_load(stream, info, bytes, w));
  }
  set_up(composed, all, add_channels);
  set_up(composed, all, add_contexts);
  if (!one_in(stream, 4)) {
    add(composed, one_in(stream, 2) ? all : some(stream, ranks), w, put_table(stream, bytes, w));
  }
  add(composed, streams_of(stream, ranks), w, put_write(stream, info, bytes, contexts, w));
  if (one_in(stream, 2)) {
    add(composed, 0, w, put(w, TRINE_OP_BARRIER, 1));
  }
  const uint32_t hear = listeners(stream, composed->list);
  add(composed, streams_of(stream, ranks), w, put_read(stream, info, bytes, 0, hear, w));
  if (!one_in(stream, 4)) {
    add(composed, all, w, put_run(stream, (1u << contexts) - 1, w));
  }
  for (uint32_t n = 0; n < 3 && one_in(stream, 2); n++) {
    add(composed, some(stream, ranks), w, put_any(stream, info, bytes, w));
  }
  add(composed, 0, w, put(w, TRINE_OP_END, 1));
}

void compose_program(struct seed_stream *stream, const struct trine_info *info,
                     uint32_t window_bytes, struct list *list) {
  const struct composed composed = {stream, info, window_bytes, compose_below(stream, 4), list};
  uint32_t w[COMPOSE_OPERATION_WORDS];
  list->is_resident = false;
  list->count = list->longer = 0;
  if (!one_in(stream, 3)) {
    compose_list(&composed);
    return;
  }
  for (uint32_t ops = 1 + compose_below(stream, 20 * list->ranks); ops > 0; ops--) {
    add(&composed, some(stream, list->ranks), w, put_any(stream, info, window_bytes, w));
  }
  add(&composed, 0, w, put(w, TRINE_OP_END, 1));
}
