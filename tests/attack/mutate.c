/* SPDX-License-Identifier: Apache-2.0 */
/* mutate: see mutate.h. */
#include "mutate.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "bench.h"
#include "compose.h"
#include "program/disassemble.h"
#include "program/format.h"

enum { MAX_OPERATIONS = 1024, MAX_CHANGES = 5 };

/* The list under change, and the operation that was drawn of it. */
struct change {
  struct seed_stream *stream;
  const struct trine_info *info;
  struct list *list;
  const struct list *other;
  uint32_t window_bytes, program;
  uint32_t starts[MAX_OPERATIONS], operations;
  uint32_t at, words; /* of the operation */
  char *how;
};

__attribute__((format(printf, 2, 3))) static void say(char *how, const char *format, ...) {
  size_t used = strlen(how);
  va_list args;
  va_start(args, format);
  (void)vsnprintf(how + used, MUTATE_TEXT - used, format, args);
  va_end(args);
}

static uint32_t below(struct change *change, uint32_t limit) {
  return compose_below(change->stream, limit);
}

static uint32_t *words_of(struct change *change) {
  return change->list->words;
}

static void draw_operation(struct change *change) {
  uint32_t n = below(change, change->operations);
  change->at = change->starts[n];
  uint32_t end = n + 1 < change->operations ? change->starts[n + 1] : change->list->count;
  change->words = end - change->at;
}

/* One of the whole operations of a kind is drawn; false when there is none. */
static bool draw_of(struct change *change, uint32_t op) {
  uint32_t found = 0;
  for (uint32_t n = 0; n < change->operations; n++) {
    uint32_t first = words_of(change)[change->starts[n]];
    uint32_t words = trine_op_words(first);
    bool is_whole = words > 0 && words <= change->list->count - change->starts[n];
    if ((first & 0xff) == op && is_whole && below(change, ++found) == 0) {
      change->at = change->starts[n];
      change->words = words;
    }
  }
  return found > 0;
}

static void flip_bit(struct change *change) {
  uint32_t at = below(change, change->list->count), bit = below(change, 32);
  words_of(change)[at] ^= 1u << bit;
  say(change->how, "bit %u of word %u; ", bit, at);
}

static void set_word(struct change *change) {
  uint32_t at = below(change, change->list->count);
  words_of(change)[at] = below(change, 3) > 0
                             ? compose_edge(change->stream)
                             : change->other->words[below(change, change->other->count)];
  say(change->how, "word %u is 0x%x; ", at, words_of(change)[at]);
}

/* A field one more or less, or its halves; the operation's own word now and then. */
static void set_field(struct change *change) {
  uint32_t word =
      change->words > 1 && below(change, 20) > 0 ? 1 + below(change, change->words - 1) : 0;
  uint32_t *field = &words_of(change)[change->at + word];
  uint32_t shift = below(change, 3) == 0 ? below(change, 32) : 16 * below(change, 2);
  uint32_t value = 1u << shift;
  switch (below(change, 4)) {
    case 0:
      *field += value;
      break;
    case 1:
      *field -= value;
      break;
    case 2:
      *field = (*field & ~(0xffffu << (shift & 16))) | (compose_edge(change->stream) & 0xffff)
                                                           << (shift & 16);
      break;
    default:
      *field = (*field & ~(0xfu << (shift & 28))) | below(change, 16) << (shift & 28);
  }
  say(change->how, "%s at %u: word %u is 0x%x; ",
      trine_op_name(words_of(change)[change->at] & 0xff), change->at, word, *field);
}

static void drop(struct change *change) {
  say(change->how, "%s at %u dropped; ", trine_op_name(words_of(change)[change->at] & 0xff),
      change->at);
  list_remove(change->list, change->at, change->words);
}

/* An operation copied to another place; moved when `is_moved`. */
static void copy(struct change *change, bool is_moved) {
  uint32_t words[LIST_WORDS];
  uint32_t to = change->starts[below(change, change->operations)];
  memcpy(words, words_of(change) + change->at, 4 * (size_t)change->words);
  say(change->how, "%s at %u %s %u; ", trine_op_name(words[0] & 0xff), change->at,
      is_moved ? "moved to" : "again at", to);
  if (is_moved) {
    list_remove(change->list, change->at, change->words);
    to -= to > change->at ? change->words : 0;
  }
  list_insert(change->list, to, words, change->words);
}

static void insert(struct change *change) {
  uint32_t words[COMPOSE_OPERATION_WORDS];
  uint32_t count = compose_operation(change->stream, change->info, change->list->ranks,
                                     change->window_bytes, words);
  say(change->how, "%s put before %u; ", trine_op_name(words[0] & 0xff), change->at);
  list_insert(change->list, change->at, words, count);
}

/* RUN cut short, made longer, left out, or with other contexts. */
static void bend_run(struct change *change) {
  if (!draw_of(change, TRINE_OP_RUN)) {
    return;
  }
  uint32_t *run = words_of(change) + change->at;
  switch (below(change, 4)) {
    case 0:
      drop(change);
      return;
    case 1:
      run[2] = 1 + below(change, run[2] > 0 ? run[2] : 1);
      break;
    case 2:
      run[2] += 1 + below(change, 8);
      break;
    default:
      run[1] ^= 1u << below(change, 3);
  }
  say(change->how, "RUN at %u: contexts 0x%x steps %u; ", change->at, run[1], run[2]);
}

/* A READ or WRITE once more, right before END: behind the last RUN. */
static void stream_late(struct change *change) {
  uint32_t words[LIST_WORDS];
  uint32_t end = change->list->count;
  if (end == 0 || !draw_of(change, below(change, 3) > 0 ? TRINE_OP_READ : TRINE_OP_WRITE)) {
    return;
  }
  memcpy(words, words_of(change) + change->at, 4 * (size_t)change->words);
  if (below(change, 2) == 0) {
    words[1] ^= 1; /* the other reader or writer */
  }
  if (below(change, 2) == 0 && change->words > 4) {
    words[4] += below(change, 0x2000) << 16; /* a READ of long rows */
  }
  say(change->how, "%s again before END; ", trine_op_name(words[0] & 0xff));
  list_insert(change->list, end - 1, words, change->words);
}

/* Another mask of ranks: one more or less, all of them, nobody, or those there are not. */
static void bend_ranks(struct change *change) {
  uint32_t *word = words_of(change) + change->at;
  const uint32_t ranks = change->list->ranks, was = trine_op_ranks(*word);
  uint32_t mask;
  switch (below(change, 5)) {
    case 0:
    case 1:
      mask = was ^ 1u << below(change, ranks);
      break;
    case 2:
      mask = (1u << ranks) - 1;
      break;
    case 3:
      mask = 1u << below(change, ranks + 1);
      break;
    default:
      mask = below(change, 2) * (compose_edge(change->stream) & 0xffff);
  }
  trine_put_field(word, TRINE_FIELD_FIRST_RANKS, mask);
  say(change->how, "%s at %u: ranks 0x%x, not 0x%x; ", trine_op_name(*word & 0xff), change->at,
      mask, was);
}

static void bend_table(struct change *change) {
  if (!draw_of(change, TRINE_OP_TABLE) || change->words < 4) {
    return;
  }
  uint32_t word = below(change, 3) == 0 ? 1 : 2 + below(change, change->words - 2);
  words_of(change)[change->at + word] = compose_edge(change->stream);
  say(change->how, "TABLE at %u: word %u is 0x%x; ", change->at, word,
      words_of(change)[change->at + word]);
}

/* The writer, or SAVE, goes over the program itself. */
static void write_program(struct change *change) {
  bool is_save = below(change, 3) == 0;
  if (!draw_of(change, is_save ? TRINE_OP_SAVE : TRINE_OP_WRITE)) {
    return;
  }
  uint32_t *to = &words_of(change)[change->at + (is_save ? 3 : 2)];
  *to = change->program + 8 * below(change, 8 + change->list->count / 2);
  say(change->how, "%s at %u goes to 0x%x, into the program; ", is_save ? "SAVE" : "WRITE",
      change->at, *to);
}

/* The list ends elsewhere: END in its midst, not at all, or words behind it. */
static void bend_end(struct change *change) {
  static const uint32_t end[] = {TRINE_OP_END | 1u << 8};
  switch (below(change, 4)) {
    case 0:
      list_insert(change->list, change->at, end, 1);
      say(change->how, "END before %u; ", change->at);
      break;
    case 1:
      change->list->count -= change->list->count > 1;
      say(change->how, "no END; ");
      break;
    case 2:
      change->list->longer = 1 + below(change, 40);
      say(change->how, "%u words behind END; ", change->list->longer);
      break;
    default:
      change->list->count = change->at > 0 ? change->at : 1;
      list_insert(change->list, change->list->count, end, 1);
      say(change->how, "END at %u; ", change->at);
  }
}

static void change_once(struct change *change) {
  change->operations = list_operations(change->list, change->starts, MAX_OPERATIONS);
  if (change->operations == 0) {
    return;
  }
  draw_operation(change);
  switch (below(change, 18)) {
    case 0:
    case 1:
      flip_bit(change);
      break;
    case 2:
      set_word(change);
      break;
    case 3:
    case 4:
    case 5:
      set_field(change);
      break;
    case 6:
      drop(change);
      break;
    case 7:
    case 8:
      copy(change, below(change, 2) == 0);
      break;
    case 9:
    case 10:
      insert(change);
      break;
    case 11:
      bend_run(change);
      break;
    case 12:
      stream_late(change);
      break;
    case 13:
      bend_table(change);
      break;
    case 14:
      write_program(change);
      break;
    case 15:
    case 16:
      bend_ranks(change);
      break;
    default:
      bend_end(change);
  }
}

void mutate_list(struct seed_stream *stream, const struct trine_info *info, struct list *list,
                 const struct list *other, uint32_t window_bytes, uint32_t program, char *how) {
  struct change change = {.stream = stream,
                          .info = info,
                          .list = list,
                          .other = other,
                          .window_bytes = window_bytes,
                          .program = program,
                          .how = how};
  /* Most often one: a program with many errors stops at its first. */
  uint32_t most;
  if (compose_below(stream, 2) == 0) {
    most = 1;
  } else if (compose_below(stream, 3) == 0) {
    most = MAX_CHANGES;
  } else {
    most = 2;
  }
  uint32_t changes = 1 + compose_below(stream, most);
  for (uint32_t n = 0; n < changes; n++) {
    change_once(&change);
  }
}

void mutate_header(struct seed_stream *stream, uint32_t *words, char *how) {
  uint32_t at = compose_below(stream, TRINE_WORDS_HEAD);
  bool is_sealed = compose_below(stream, 4) > 0;
  words[at] = compose_below(stream, 2) == 0 ? words[at] ^ 1u << compose_below(stream, 32)
                                            : compose_edge(stream);
  if (is_sealed && at != TRINE_WORDS_HEAD - 1) {
    bench_seal_header(words);
  }
  say(how, "header word %u is 0x%x%s; ", at, words[at], is_sealed ? "" : ", CRC as it was");
}
