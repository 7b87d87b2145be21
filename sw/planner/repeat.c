/* SPDX-License-Identifier: Apache-2.0 */
/* repeat: the last block of a list, which REPEAT does again. */
#include "machine_internal.h"
#include "program/format.h"

static uint32_t op_of(const uint32_t *words) {
  return words[0] & 0xff;
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

bool list_can_repeat(const uint32_t *list, uint32_t words) {
  bool can = true;
  for (uint32_t head = 0; head < words && can;) {
    const uint32_t count = trine_field(list + head, TRINE_FIELD_BLOCK_WORDS);
    const bool is_last = trine_field(list + head, TRINE_FIELD_BLOCK_LAST) != 0;
    for (uint32_t at = head + 1; at < head + 1 + count && can;
         at += trine_field(list + at, TRINE_FIELD_FIRST_WORDS)) {
      can = may_be_there(op_of(list + at), is_last);
    }
    head += count + TRINE_WORDS_BLOCK;
  }
  return can;
}

void thread_repeat(struct thread *thread) {
  uint32_t head = 0;
  while (trine_field(thread->list + head, TRINE_FIELD_BLOCK_LAST) == 0) {
    head += trine_field(thread->list + head, TRINE_FIELD_BLOCK_WORDS) + TRINE_WORDS_BLOCK;
  }
  thread->head = head;
  thread->block_words = trine_field(thread->list + head, TRINE_FIELD_BLOCK_WORDS);
}
