/* SPDX-License-Identifier: Apache-2.0 */
/* repeat: the last block of a list, which REPEAT does again; what in it waits for the rest. */
#include "machine_internal.h"
#include "program/format.h"

static uint32_t op_of(const uint32_t *words) {
  return words[0] & 0xff;
}

bool program_waits_for_run(const struct program *program) {
  return program->wait == WAIT_RUN || program->state == PROGRAM_END_WAIT ||
         (program->state == PROGRAM_CHECK &&
          op_of(program->list + program->op_at) == TRINE_OP_SAVE);
}

/* Whether an operation may be in a list that can be repeated, in its last block or before. */
static bool may_be_there(uint32_t op, bool is_last) {
  switch (op) {
    case TRINE_OP_READ:
    case TRINE_OP_WRITE:
    case TRINE_OP_RUN:
    case TRINE_OP_SAVE:
      return is_last;
    case TRINE_OP_TABLE:
    case TRINE_OP_END:
      return true;
    default:
      return !is_last;
  }
}

bool program_can_repeat(const uint32_t *list, uint32_t words) {
  bool can = true;
  for (uint32_t head = 0; head < words && can;) {
    const uint32_t count = trine_field(list + head, TRINE_FIELD_BLOCK_WORDS);
    const bool is_last = trine_field(list + head, TRINE_FIELD_BLOCK_LAST) != 0;
    for (uint32_t at = head + 1; at < head + 1 + count && can; at += list[at] >> 16) {
      can = may_be_there(op_of(list + at), is_last);
    }
    head += count + TRINE_WORDS_BLOCK;
  }
  return can;
}

void program_repeat(struct program *program) {
  uint32_t head = 0;
  while (trine_field(program->list + head, TRINE_FIELD_BLOCK_LAST) == 0) {
    head += trine_field(program->list + head, TRINE_FIELD_BLOCK_WORDS) + TRINE_WORDS_BLOCK;
  }
  program->block_at = head;
  program->block_words = trine_field(program->list + head, TRINE_FIELD_BLOCK_WORDS);
  program->at = program->words;
  program->state = PROGRAM_READY;
}
