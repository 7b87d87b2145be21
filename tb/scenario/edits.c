/* SPDX-License-Identifier: Apache-2.0 */
/* edits: see edits.h. */
#include "edits.h"

#include <check.h>

#include "bench.h"
#include "program/disassemble.h"
#include "program/format.h"
#include "trine_regs.h"

#define KEEP UINT32_MAX
#define BLOCK_CRC UINT32_MAX

enum { BLOCK_HEAD = 0 };

#define END_WORD (TRINE_OP_END | 1u << 8)
#define RUN_WORD (TRINE_OP_RUN | 3u << 8 | 1u << 16)
#define BARRIER_WORD (TRINE_OP_BARRIER | 1u << 8)
/* Masks of ranks; none of the jobs has a third. */
#define NOBODY 0xffff, 0
#define RANKS_0_AND_1 0xffff, 3u << 16
#define RANK_2_TOO KEEP, 1u << 18
#define RANK_15_TOO KEEP, 1u << 31

#define HEADER_AT(name, word, keep, value, sealed, code, address) \
  { name, EDIT_HEADER, 0, 0, word, keep, value, sealed, TRINE_ERROR_##code, address, EDIT_HERE }
#define HEADER(name, word, keep, value, sealed, code) \
  HEADER_AT(name, word, keep, value, sealed, code, EDIT_WORD)
#define FIRST(...) FIRST_OF(__VA_ARGS__)
#define FIRST_OF(name, op, keep, value, code) \
  OP(name, op, 0, 0, keep, value, code, EDIT_WORD, EDIT_HERE)
#define BLOCK(name, nth, word, keep, value, sealed, code, address) \
  { name, EDIT_BLOCK, 0, nth, word, keep, value, sealed, TRINE_ERROR_##code, address, EDIT_HERE }
#define OP(name, op, nth, word, keep, value, code, address, at)                            \
  {                                                                                        \
    name, EDIT_OPERATION, TRINE_OP_##op, nth, word, keep, value, true, TRINE_ERROR_##code, \
        address, at                                                                        \
  }

static const struct edit edits[] = {
    HEADER("magic", 0, KEEP, 1, true, MAGIC),
    HEADER("version", 1, 0, 1, true, VERSION),
    HEADER_AT("length too small", 2, 0, 32, true, LIST, EDIT_ANY),
    HEADER("reserved bit of the mode word", 3, KEEP, 1u << 20, true, RESERVED),
    HEADER("mode", 3, KEEP, 1, true, PROGRAM_MODE),
    HEADER("ranks", 3, KEEP, 0x300, false, RANKS),
    HEADER("configuration hash", 4, KEEP, 1, true, CONFIG_HASH),
    HEADER("reserved flag", 5, 0, 2, true, RESERVED),
    HEADER("resident contexts that are not there", 5, 0, 1, true, NOT_RESIDENT),
    HEADER("empty list", 6, 0, 0, true, LIST),
    HEADER("list longer than the program", 6, 0, 0xffff, true, LIST),
    HEADER("list longer than any", 6, KEEP, 1u << TRINE_LIST_BITS, true, LIST),
    HEADER("list of the most words", 6, 0, UINT32_MAX, true, LIST),
    HEADER("CRC of the header", 7, KEEP, 1, false, HEADER_CRC),
    BLOCK("code of a block", 0, BLOCK_HEAD, KEEP, 1, true, LIST, EDIT_WORD),
    BLOCK("block of no operations", 0, BLOCK_HEAD, 0xffff80ff, 0, false, LIST, EDIT_WORD),
    BLOCK("block of more words than there are", 1, BLOCK_HEAD, 0xffff80ff, 0x7f00, false, LIST,
          EDIT_WORD),
    BLOCK("block that says it is the last", 0, BLOCK_HEAD, KEEP, 1u << 15, true, LIST, EDIT_WORD),
    BLOCK("lowest bit of a head that is 0", 1, BLOCK_HEAD, KEEP, 1u << 16, true, LIST, EDIT_WORD),
    BLOCK("highest bit of a head that is 0", 0, BLOCK_HEAD, KEEP, 1u << 19, true, LIST, EDIT_WORD),
    BLOCK("block of another place", 1, BLOCK_HEAD, KEEP, 1u << 20, true, LIST, EDIT_WORD),
    BLOCK("CRC of the first block", 0, BLOCK_CRC, KEEP, 0x80000000, false, LIST_CRC, EDIT_ANY),
    BLOCK("CRC of a later block", 2, BLOCK_CRC, KEEP, 1, false, LIST_CRC, EDIT_ANY),
    BLOCK("a word under the CRC", 2, 3, KEEP, 1, false, LIST_CRC, EDIT_ANY),
    FIRST("no such operation", END, 0, (0x77 | 1u << 8), OP),
    FIRST("length of an operation", END, KEEP, 0x300, OP_LENGTH),
    FIRST("half a pair of a table", TABLE, KEEP, 0x100, OP_LENGTH),
    FIRST("END before the end", RUN, 0, END_WORD, LIST),
    OP("no END", END, 0, 0, 0, BARRIER_WORD, LIST, EDIT_ANY, EDIT_LATER),
    FIRST("operation past the list", END, 0, RUN_WORD, LIST),
    FIRST("END with a rank", END, KEEP, 1u << 16, RESERVED),
    FIRST("END with a rank that is not there", END, RANK_15_TOO, RESERVED),
    FIRST("BARRIER with a rank", END, 0, BARRIER_WORD | 1u << 16, RESERVED),
    FIRST("LOAD of nobody", LOAD, NOBODY, FIELD),
    FIRST("LOAD of two ranks", LOAD, RANKS_0_AND_1, FIELD),
    FIRST("LOAD of a rank that is not there", LOAD, 0xffff, 1u << 31, FIELD),
    FIRST("CHANNEL of nobody", CHANNEL, NOBODY, FIELD),
    FIRST("CONTEXT of a rank too many", CONTEXT, RANK_2_TOO, FIELD),
    FIRST("TABLE of nobody", TABLE, NOBODY, FIELD),
    FIRST("READ of the last rank there may be", READ, RANK_15_TOO, FIELD),
    FIRST("WRITE of nobody", WRITE, NOBODY, FIELD),
    FIRST("RUN of nobody", RUN, NOBODY, FIELD),
    FIRST("RUN of a rank too many", RUN, RANK_2_TOO, FIELD),
    OP("LOAD target", LOAD, 0, 1, 0, 7, RESERVED, EDIT_WORD, EDIT_HERE),
    OP("LOAD of nothing", LOAD, 1, 3, 0, 0, FIELD, EDIT_WORD, EDIT_HERE),
    OP("LOAD from an odd place", LOAD, 0, 4, KEEP, 4, RESERVED, EDIT_WORD, EDIT_HERE),
    OP("LOAD past the weight buffer", LOAD, 0, 2, 0, 0xffffff, LOCAL_ADDRESS, EDIT_ANY, EDIT_HERE),
    OP("LOAD of too many parameters", LOAD, 1, 3, 0, 0xffffffff, LOCAL_ADDRESS, EDIT_WORD,
       EDIT_HERE),
    OP("LOAD from outside the window", LOAD, 0, 4, 0, 0xfffffff8, WINDOW, EDIT_WORD, EDIT_HERE),
    OP("CHANNEL reserved bits", CHANNEL, 0, 1, KEEP, 0x10, RESERVED, EDIT_WORD, EDIT_HERE),
    OP("CHANNEL past the rings", CHANNEL, 0, 2, KEEP, 0xffff, LOCAL_ADDRESS, EDIT_WORD, EDIT_HERE),
    OP("CHANNEL of empty vectors", CHANNEL, 0, 3, 0, 0, FIELD, EDIT_WORD, EDIT_HERE),
    OP("CHANNEL that waits for a word too many", CHANNEL, 0, 3, 0, 0x7fff, WATCHDOG, EDIT_ANY,
       EDIT_LATER),
    OP("CHANNEL that completes with its first word", CHANNEL, 0, 3, 0, 1, OVERRUN, EDIT_ANY,
       EDIT_LATER),
    OP("CHANNEL with slots too small", CHANNEL, 0, 2, 0xffff, 0, LOCAL_ADDRESS, EDIT_ANY,
       EDIT_LATER),
    OP("CHANNEL with a user too few", CHANNEL, 0, 1, KEEP, 0x300, OVERRUN, EDIT_ANY, EDIT_LATER),
    OP("CHANNEL with a user too many", CHANNEL, 0, 1, KEEP, 0x100, OVERRUN, EDIT_ANY, EDIT_LATER),
    OP("CHANNEL that nobody hears", CHANNEL, 0, 1, KEEP, 0x200, WATCHDOG, EDIT_ANY, EDIT_LATER),
    OP("CONTEXT that is not there", CONTEXT, 0, 1, KEEP, 0xf, FIELD, EDIT_WORD, EDIT_HERE),
    OP("CONTEXT reserved bits", CONTEXT, 0, 1, KEEP, 0x80, RESERVED, EDIT_WORD, EDIT_HERE),
    OP("CONTEXT without listeners", CONTEXT, 0, 1, 0xffe0ffff, 0, FIELD, EDIT_WORD, EDIT_HERE),
    OP("CONTEXT without chunks", CONTEXT, 0, 2, 0, 0, FIELD, EDIT_WORD, EDIT_HERE),
    OP("CONTEXT of more units than its groups", CONTEXT, 0, 3, 0xffff, 0x7fff0000, FIELD, EDIT_WORD,
       EDIT_HERE),
    OP("two publishers of a channel", CONTEXT, 1, 1, KEEP, 0x1000, PUBLISHER, EDIT_FIRST,
       EDIT_HERE),
    OP("two layers that read a channel", CONTEXT, 2, 1, KEEP, 0x100, PUBLISHER, EDIT_FIRST,
       EDIT_HERE),
    OP("weights outside the buffer", CONTEXT, 0, 5, 0, 0xfffff0, LOCAL_ADDRESS, EDIT_ANY,
       EDIT_LATER),
    OP("parameters outside the buffer", CONTEXT, 0, 7, 0, 0xfff0fff0, LOCAL_ADDRESS, EDIT_ANY,
       EDIT_LATER),
    OP("pre-activations and state outside", CONTEXT, 0, 8, 0, 0xfff0fff0, LOCAL_ADDRESS, EDIT_ANY,
       EDIT_LATER),
    OP("TABLE past its end", TABLE, 0, 1, 0, 0xffff, LOCAL_ADDRESS, EDIT_ANY, EDIT_HERE),
    OP("TABLE with an empty sequence", TABLE, 0, 3, 0, 0, FIELD, EDIT_ANY, EDIT_HERE),
    OP("READ by a reader that is not there", READ, 0, 1, KEEP, 0xf, RESERVED, EDIT_WORD, EDIT_HERE),
    OP("READ for nobody", READ, 0, 1, 0xffffe0ff, 0, FIELD, EDIT_WORD, EDIT_HERE),
    OP("READ at an odd place", READ, 0, 2, KEEP, 2, RESERVED, EDIT_WORD, EDIT_HERE),
    OP("READ table past its end", READ, 0, 5, 0, 0x1ffff, LOCAL_ADDRESS, EDIT_WORD, EDIT_HERE),
    OP("READ outside the window", READ, 0, 2, 0, 0xf0000000, WINDOW, EDIT_WORD, EDIT_LATER),
    OP("WRITE by a writer that is not there", WRITE, 0, 1, KEEP, 0xf, RESERVED, EDIT_WORD,
       EDIT_HERE),
    OP("WRITE of nothing", WRITE, 0, 4, 0, 0, FIELD, EDIT_WORD, EDIT_HERE),
    OP("WRITE past its slots", WRITE, 0, 6, KEEP, 0xffff, LOCAL_ADDRESS, EDIT_WORD, EDIT_HERE),
    OP("WRITE outside the window", WRITE, 0, 2, 0, 0xf0000000, WINDOW, EDIT_WORD, EDIT_LATER),
    OP("WRITE on a channel that a layer reads", WRITE, 0, 1, 0xffffff0f, 0, PUBLISHER, EDIT_FIRST,
       EDIT_HERE),
    OP("RUN of a context that is not set up", RUN, 0, 1, KEEP, 0x80, FIELD, EDIT_FIRST, EDIT_HERE),
    OP("RUN reserved bits", RUN, 0, 1, KEEP, 0x80000, RESERVED, EDIT_WORD, EDIT_HERE),
    OP("RUN that begins in no known way", RUN, 0, 1, KEEP, 0x20000, FIELD, EDIT_WORD, EDIT_HERE),
    OP("RUN that goes on where a sequence begins", RUN, 0, 1, KEEP, 0x60000, OVERRUN, EDIT_ANY,
       EDIT_LATER),
    OP("RUN of no steps", RUN, 0, 2, 0, 0, FIELD, EDIT_WORD, EDIT_HERE),
    OP("RUN of more steps than there are", RUN, 0, 2, 0, 1000, WATCHDOG, EDIT_ANY, EDIT_LATER)};

const struct edit *edit_at(uint32_t index) {
  return index < sizeof edits / sizeof edits[0] ? &edits[index] : NULL;
}

static void change(struct edit_run *run, uint32_t *word) {
  *word = (*word & run->edit->keep) ^ run->edit->value;
  run->changed = *word;
  run->is_done = true;
}

static uint32_t block_words(uint32_t head) {
  return head >> 8 & 127;
}

/* Whether all that is known of an error is known from the words. */
static bool is_of_words(uint32_t code) {
  return code == TRINE_ERROR_OP || code == TRINE_ERROR_OP_LENGTH || code == TRINE_ERROR_RESERVED ||
         code == TRINE_ERROR_LIST || code == TRINE_ERROR_LIST_CRC;
}

enum edit_core edit_core(const struct edit *edit) {
  if (edit->code == TRINE_ERROR_WATCHDOG || edit->code == TRINE_ERROR_OVERRUN) {
    return EDIT_OF_ANY;
  }
  if (edit->place != EDIT_OPERATION || is_of_words(edit->code)) {
    return EDIT_OF_WORDS;
  }
  /* What a LOAD asks for, the core of rank 0 asks for; rows each core its own. */
  const bool is_row = edit->code == TRINE_ERROR_WINDOW && edit->op != TRINE_OP_LOAD;
  if (edit->address == EDIT_FIRST || is_row) {
    return EDIT_OF_NAMED;
  }
  return edit->at == EDIT_HERE ? EDIT_OF_WORDS : EDIT_OF_EITHER;
}

/* The operation is at a place of a block, which ends before `end`. */
static void edit_here(struct edit_run *run, uint32_t *list, uint32_t at, uint32_t end) {
  run->ranks = trine_field(list + at, TRINE_FIELD_FIRST_RANKS);
  run->position = at;
  change(run, &list[at + run->edit->word]);
  run->first = at + 1 < end ? list[at + 1] : 0;
}

/* Looks for the operation among those that a rank does, or among all. */
static void edit_list(struct edit_run *run, uint32_t *words, bool of_rank) {
  uint32_t nth = 0;
  uint32_t *list = bench_list(words, &run->count);
  for (uint32_t at = 0; at < run->count && !run->is_done; at += 1) {
    const uint32_t end = at + 1 + block_words(list[at]);
    for (at++; at < end && !run->is_done;) {
      const uint32_t length = trine_op_words(list[at]);
      const uint32_t ranks = trine_field(list + at, TRINE_FIELD_FIRST_RANKS);
      const bool is_it =
          (list[at] & 0xff) == run->edit->op && (!of_rank || (ranks >> run->rank & 1) != 0);
      if (is_it && nth == run->edit->nth) {
        edit_here(run, list, at, end);
      }
      nth += is_it;
      at += length > 0 ? length : 1;
    }
    at = end;
  }
}

/* The head of a block, its CRC, or a word under it. */
static void edit_block(struct edit_run *run, uint32_t *words) {
  uint32_t at = 0;
  uint32_t *list = bench_list(words, &run->count);
  for (uint32_t nth = 0; nth < run->edit->nth; nth++) {
    at += block_words(list[at]) + 2;
    ck_assert_uint_lt(at, run->count);
  }
  const bool is_crc = run->edit->word == BLOCK_CRC;
  run->position = at;
  change(run, &list[is_crc ? at + 1 + block_words(list[at]) : at + run->edit->word]);
}

void edit_apply(void *context, uint32_t *words, size_t count) {
  struct edit_run *run = context;
  (void)count;
  switch (run->edit->place) {
    case EDIT_HEADER:
      change(run, &words[run->edit->word]);
      break;
    case EDIT_BLOCK:
      edit_block(run, words);
      break;
    case EDIT_OPERATION:
      edit_list(run, words, true);
      if (!run->is_done) {
        edit_list(run, words, false);
      }
      break;
  }
  if (run->edit->is_sealed && run->edit->place == EDIT_HEADER) {
    bench_seal_header(words); /* the list is not where it says */
  } else if (run->edit->is_sealed) {
    bench_seal(words);
  }
}
