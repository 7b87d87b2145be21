/* SPDX-License-Identifier: Apache-2.0 */
/* disassemble: see disassemble.h. */
#include "program/disassemble.h"

#include <stdio.h>

#include "program/format.h"

const char *trine_op_name(uint32_t op) {
  switch (op) {
    case TRINE_OP_END:
      return "END";
    case TRINE_OP_BARRIER:
      return "BARRIER";
    case TRINE_OP_LOAD:
      return "LOAD";
    case TRINE_OP_SAVE:
      return "SAVE";
    case TRINE_OP_CHANNEL:
      return "CHANNEL";
    case TRINE_OP_CONTEXT:
      return "CONTEXT";
    case TRINE_OP_READ:
      return "READ";
    case TRINE_OP_WRITE:
      return "WRITE";
    case TRINE_OP_TABLE:
      return "TABLE";
    case TRINE_OP_RUN:
      return "RUN";
    default:
      return "?";
  }
}

uint32_t trine_op_words(uint32_t first_word) {
  uint32_t length = first_word >> 16;
  switch (first_word & 0xff) {
    case TRINE_OP_END:
    case TRINE_OP_BARRIER:
      return 1;
    case TRINE_OP_LOAD:
      return 5;
    case TRINE_OP_SAVE:
    case TRINE_OP_CHANNEL:
      return 4;
    case TRINE_OP_CONTEXT:
      return 14;
    case TRINE_OP_READ:
      return 7;
    case TRINE_OP_WRITE:
      return 8;
    case TRINE_OP_TABLE:
      return length >= 4 && length % 2 == 0 ? length : 0;
    case TRINE_OP_RUN:
      return 3;
    default:
      return 0;
  }
}

static int print_context(const uint32_t *w, char *text, size_t bytes) {
  return snprintf(text, bytes,
                  "CONTEXT %u %s%s in %u out %u listeners %u chunks %u+%u groups %u units %u from "
                  "%u weights %u,%u params %u,%u pre %u state %u+%u h %u+%u zero %d k %d clip %u "
                  "clamp %d..%d mult %u shift %d",
                  w[1] & 15, (w[1] & 16) != 0 ? "dense" : "lstm", (w[1] & 32) != 0 ? " kept" : "",
                  w[1] >> 8 & 15, w[1] >> 12 & 15, w[1] >> 16 & 31, w[2] & 0xffff, w[2] >> 16,
                  w[3] & 0xffff, w[3] >> 16, w[4] & 0xffff, w[5], w[6], w[7] & 0xffff, w[7] >> 16,
                  w[8] & 0xffff, w[8] >> 16, w[9] & 0xffff, w[9] >> 16, w[10] & 0xffff,
                  (int8_t)(w[10] >> 16 & 255), (int)(w[10] >> 24 & 7) - 15, w[11] & 0xffff,
                  (int8_t)(w[11] >> 16 & 255), (int8_t)(w[11] >> 24), w[12],
                  (int)((w[13] & 63) ^ 32) - 32);
}

static int print_table(const uint32_t *w, uint32_t words, char *text, size_t bytes) {
  int used = snprintf(text, bytes, "TABLE from %u:", w[1]);
  for (uint32_t n = 2; n + 1 < words && used >= 0 && (size_t)used < bytes; n += 2) {
    used += snprintf(text + used, bytes - (size_t)used, " (%u, %u%s)", w[n], w[n + 1] & 0x7fffffff,
                     w[n + 1] >> 31 != 0 ? " continued" : "");
  }
  return used;
}

static int print_op(const uint32_t *w, uint32_t words, char *text, size_t bytes) {
  static const char *const targets[] = {"weights", "parameters", "rings", "state"};
  switch (w[0] & 0xff) {
    case TRINE_OP_LOAD:
      return snprintf(text, bytes, "LOAD %s at %u count %u from 0x%x", targets[w[1] & 3], w[2],
                      w[3], w[4]);
    case TRINE_OP_SAVE:
      return snprintf(text, bytes, "SAVE state at %u count %u to 0x%x", w[1], w[2], w[3]);
    case TRINE_OP_CHANNEL:
      return snprintf(text, bytes, "CHANNEL %u users %u ring %u stride %u words %u", w[1] & 15,
                      w[1] >> 8 & 15, w[2] & 0xffff, w[2] >> 16, w[3] & 0xffff);
    case TRINE_OP_CONTEXT:
      return print_context(w, text, bytes);
    case TRINE_OP_READ:
      return snprintf(text, bytes,
                      "READ %u channel %u listeners %u from 0x%x stride %d words %u beats %u table "
                      "%u+%u",
                      w[1] & 15, w[1] >> 4 & 15, w[1] >> 8 & 31, w[2], (int32_t)w[3], w[4] & 0xffff,
                      w[4] >> 16, w[5] & 0xffff, w[5] >> 16);
    case TRINE_OP_WRITE:
      return snprintf(text, bytes,
                      "WRITE %u channel %u%s to 0x%x stride %d bytes %u table %u+%u slots %u+%u",
                      w[1] & 15, w[1] >> 4 & 15, (w[1] & 256) != 0 ? " last" : "", w[2],
                      (int32_t)w[3], w[4], w[5] & 0xffff, w[5] >> 16, w[6] & 0xffff, w[6] >> 16);
    case TRINE_OP_TABLE:
      return print_table(w, words, text, bytes);
    case TRINE_OP_RUN:
      return snprintf(text, bytes, "RUN contexts 0x%x steps %u%s", w[1] & 0xffff, w[2],
                      (w[1] & TRINE_RUN_MORE) != 0 ? " and more" : "");
    default:
      return snprintf(text, bytes, "%s", trine_op_name(w[0] & 0xff));
  }
}

uint32_t trine_disassemble(const uint32_t *words, uint32_t count, char *text, size_t text_bytes) {
  uint32_t length = count > 0 ? trine_op_words(words[0]) : 0;
  if (length == 0 || length != words[0] >> 16 || (words[0] & 0xff00) != 0 || length > count) {
    (void)snprintf(text, text_bytes, "no operation: 0x%08x", count > 0 ? words[0] : 0);
    return 0;
  }
  (void)print_op(words, length, text, text_bytes);
  return length;
}

const uint32_t *trine_program_list(const uint32_t *program, size_t bytes, uint32_t rank,
                                   uint32_t *words) {
  size_t entry = 8 + 4 * (size_t)rank;
  if (bytes < 4 * (entry + 4) || rank >= (program[3] >> 8 & 31)) {
    return NULL;
  }
  size_t offset = program[entry];
  size_t length = program[entry + 1];
  if (offset % 4 != 0 || offset > bytes || length > (bytes - offset) / 4) {
    return NULL;
  }
  *words = program[entry + 1];
  return program + offset / 4;
}
