/* SPDX-License-Identifier: Apache-2.0 */
/* disassemble: see disassemble.h. */
#include "program/disassemble.h"

#include <stdbool.h>
#include <stdio.h>

#include "program/format.h"

/* An operation; kind_mask: the bits of its word 1 that say of which kind it is. */
struct op_row {
  const char *name;
  uint32_t code, words, kind_mask, kind_value;
};

#define OP(name, words, kind_mask, kind_value) \
  {#name, TRINE_OP_##name, words, kind_mask, kind_value},
static const struct op_row ops[] = {TRINE_OP_LIST(OP)};

/* A field; when: 0 always, 1 not in operations of the kind, 2 only in those. */
struct op_field {
  const char *name;
  uint32_t op, word, low, bits;
  bool is_signed;
  int when;
};

#define FIELD(op, name, word, low, bits, is_signed, when) \
  {#name, TRINE_OP_##op, word, low, bits, is_signed, when},
static const struct op_field fields[] = {TRINE_FIELD_LIST(FIELD)};

static const struct op_row *find_op(uint32_t code) {
  for (size_t n = 0; n < sizeof ops / sizeof ops[0]; n++) {
    if (ops[n].code == code) {
      return &ops[n];
    }
  }
  return NULL;
}

const char *trine_op_name(uint32_t op) {
  const struct op_row *found = find_op(op);
  if (found != NULL) {
    return found->name;
  }
  return op == TRINE_BLOCK_CODE ? "BLOCK" : "?";
}

uint32_t trine_op_words(uint32_t first_word) {
  const struct op_row *op = find_op(first_word & 0xff);
  const uint32_t length = trine_op_length(first_word);
  if (op == NULL || op->words != 0) {
    return op != NULL ? op->words : 0;
  }
  const bool is_table = length > TRINE_WORDS_TABLE_HEAD &&
                        (length - TRINE_WORDS_TABLE_HEAD) % TRINE_WORDS_TABLE_ENTRY == 0;
  return is_table ? length : 0;
}

static int print_value(const struct op_field *field, uint32_t value, char *text, size_t bytes) {
  const int64_t turn = INT64_C(1) << (field->bits - 1);
  const int64_t number = field->is_signed ? (int64_t)(value ^ (uint32_t)turn) - turn : value;
  return snprintf(text, bytes, " %s %lld", field->name, (long long)number);
}

/* The fields of one word, which stands for word `as` of its operation. */
static size_t print_fields(uint32_t word, uint32_t as, uint32_t op, bool is_kind, char *text,
                           size_t bytes) {
  size_t used = 0;
  for (size_t n = 0; n < sizeof fields / sizeof fields[0] && used < bytes; n++) {
    const struct op_field *field = &fields[n];
    if (field->op == op && field->word == as && field->when != (is_kind ? 1 : 2)) {
      const int more = print_value(field, word >> field->low & (UINT32_MAX >> (32 - field->bits)),
                                   text + used, bytes - used);
      used += more > 0 ? (size_t)more : 0;
    }
  }
  return used;
}

static void print_op(const struct op_row *op, const uint32_t *w, uint32_t words, char *text,
                     size_t bytes) {
  const uint32_t kind = words > 1 ? w[1] & op->kind_mask : 0;
  const bool is_kind = op->kind_value != 0 ? kind == op->kind_value : kind != 0;
  const uint32_t ranks = trine_op_ranks(w[0]);
  const int length = ranks == 0 ? snprintf(text, bytes, "%s", op->name)
                                : snprintf(text, bytes, "%s ranks 0x%x", op->name, ranks);
  size_t used = length > 0 ? (size_t)length : 0;
  for (uint32_t n = 1; n < words && used < bytes; n++) {
    const bool in_table = op->words == 0 && n >= TRINE_WORDS_TABLE_HEAD;
    const uint32_t as =
        in_table ? TRINE_WORDS_TABLE_HEAD + (n - TRINE_WORDS_TABLE_HEAD) % TRINE_WORDS_TABLE_ENTRY
                 : n;
    used += print_fields(w[n], as, op->code, is_kind, text + used, bytes - used);
  }
}

uint32_t trine_disassemble(const uint32_t *words, uint32_t count, char *text, size_t text_bytes) {
  const struct op_row *op = count > 0 ? find_op(words[0] & 0xff) : NULL;
  const uint32_t length = op != NULL ? trine_op_words(words[0]) : 0;
  if (op == NULL || length == 0 || length != trine_op_length(words[0]) || length > count) {
    (void)snprintf(text, text_bytes, "no operation: 0x%08x", count > 0 ? words[0] : 0);
    return 0;
  }
  print_op(op, words, length, text, text_bytes);
  return length;
}

/* The operations of a list of `length` words, see trine_program_list. */
static uint32_t take_blocks(const uint32_t *list, size_t length, uint32_t rank, uint32_t *words,
                            uint32_t room) {
  const uint32_t mask = rank == TRINE_ALL_RANKS ? UINT32_MAX : UINT32_C(1) << rank;
  uint32_t found = 0;
  for (size_t at = 0; at < length;) {
    const uint32_t count = trine_field(list + at, TRINE_FIELD_BLOCK_WORDS);
    if (count + TRINE_WORDS_BLOCK > length - at) {
      return 0;
    }
    for (uint32_t n = 0, size; n < count; n += size) {
      const uint32_t *op = list + at + 1 + n;
      const uint32_t said = trine_op_length(*op), ranks = trine_op_ranks(*op);
      size = said >= 1 && said <= count - n ? said : 1;
      if (size > room - found) {
        return 0;
      }
      for (uint32_t k = 0; (ranks == 0 || (ranks & mask) != 0) && k < size; k++) {
        words[found++] = op[k];
      }
    }
    at += count + TRINE_WORDS_BLOCK;
  }
  return found;
}

uint32_t trine_program_list(const uint32_t *program, size_t bytes, uint32_t rank, uint32_t *words,
                            uint32_t room) {
  const uint32_t ranks =
      bytes < 4 * TRINE_WORDS_HEAD ? 0 : trine_field(program, TRINE_FIELD_HEAD_RANKS);
  if (ranks == 0 || (rank != TRINE_ALL_RANKS && rank >= ranks)) {
    return 0;
  }
  const size_t length = trine_field(program, TRINE_FIELD_HEAD_WORDS);
  return length > bytes / 4 - TRINE_WORDS_HEAD
             ? 0
             : take_blocks(program + TRINE_WORDS_HEAD, length, rank, words, room);
}
