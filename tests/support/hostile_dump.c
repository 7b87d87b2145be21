/* SPDX-License-Identifier: Apache-2.0 */
/* hostile_dump: dumps that may be anything, see hostile.h. */
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "dump/dump.h"
#include "support/hostile.h"
#include "trine_regs.h"

/* What whoever replays it relies on. */
static void use(const struct trine_dump *dump) {
  const struct trine_dump_head *head = &dump->head;
  struct trine_dump_record record;
  uint64_t at = 0;
  uint32_t sum = 0;
  hostile_demand(head->slot < head->cores && head->cores <= TRINE_MAX_CORES, "a slot of no core",
                 "");
  hostile_demand(strlen(head->sentence) < sizeof head->sentence, "a sentence without an end", "");
  while (trine_dump_next(dump->records, head->record_bytes, &at, &record)) {
    for (uint32_t n = 0; record.kind == TRINE_DUMP_MEMORY && n < record.value; n++) {
      sum += record.data[n];
    }
    const bool is_inside = record.kind != TRINE_DUMP_MEMORY ||
                           record.addr - head->memory_base <= head->memory_bytes - record.value;
    hostile_demand(is_inside, "a write beyond memory", "");
    hostile_demand(
        record.kind != TRINE_DUMP_REST || trine_dump_slot_of(record.addr, TRINE_DOMAIN_STATUS) >= 0,
        "rest of no slot", "");
  }
  hostile_demand(at == head->record_bytes && sum + 1 != 0 + sum, "bytes that are no record", "");
}

bool hostile_dump(const uint8_t *bytes, size_t len_bytes, bool seals) {
  struct trine_dump dump;
  struct trine_error error = {""};
  uint8_t *copy = malloc(len_bytes + (len_bytes == 0));
  if (copy == NULL) {
    hostile_demand(false, "there is no memory for the test", "");
    return false;
  }
  if (len_bytes > 0) {
    memcpy(copy, bytes, len_bytes);
  }
  if (seals && len_bytes >= sizeof dump.head) {
    memcpy(&dump.head, copy, sizeof dump.head);
    dump.head.magic = TRINE_DUMP_MAGIC;
    dump.head.version = TRINE_DUMP_VERSION;
    dump.head.record_bytes = len_bytes - sizeof dump.head;
    memcpy(copy, &dump.head, sizeof dump.head);
    dump.head.crc = (uint32_t)crc32(0, copy + 16, (uInt)(len_bytes - 16));
    memcpy(copy, &dump.head, sizeof dump.head);
  }
  const bool is_taken = trine_dump_parse(copy, len_bytes, "dump", &dump, &error) == TRINE_OK;
  if (is_taken) {
    use(&dump);
  } else {
    hostile_demand_sentence(&error);
  }
  trine_dump_free(&dump);
  free(copy);
  return is_taken;
}
