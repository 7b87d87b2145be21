/* SPDX-License-Identifier: Apache-2.0 */
/* list: see list.h. */
#include "program/list.h"

void trine_list_put(struct trine_list *list, uint32_t word) {
  list->is_good =
      list->is_good && list->at < list->end && list->out->put(list->out->ctx, list->at, word);
  list->at++;
}

/* A word that the CRC of its block covers. */
static void put_covered(struct trine_list *list, uint32_t word) {
  const uint8_t bytes[4] = {(uint8_t)word, (uint8_t)(word >> 8), (uint8_t)(word >> 16),
                            (uint8_t)(word >> 24)};
  list->crc = trine_crc32(list->crc, bytes, sizeof bytes);
  trine_list_put(list, word);
}

void trine_list_end_block(struct trine_list *list, bool is_last) {
  uint32_t head[TRINE_WORDS_BLOCK] = {0};
  trine_put_field(head, TRINE_FIELD_BLOCK_CODE, TRINE_BLOCK_CODE);
  trine_put_field(head, TRINE_FIELD_BLOCK_WORDS, list->held);
  trine_put_field(head, TRINE_FIELD_BLOCK_LAST, is_last);
  trine_put_field(head, TRINE_FIELD_BLOCK_INDEX, list->index);
  put_covered(list, head[0]);
  for (uint32_t n = 0; n < list->held; n++) {
    put_covered(list, list->block[n]);
  }
  trine_list_put(list, list->crc);
  list->held = 0;
  list->index++;
}

void trine_list_op(struct trine_list *list, const uint32_t *words, uint32_t count) {
  if (list->held + count > TRINE_BLOCK_WORDS) {
    trine_list_end_block(list, false);
  }
  for (uint32_t n = 0; n < count; n++) {
    list->block[list->held++] = words[n];
  }
  if (trine_op_parks(words)) {
    trine_list_end_block(list, trine_field(words, TRINE_FIELD_FIRST_OP) == TRINE_OP_END);
  }
}
