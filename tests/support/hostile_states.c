/* SPDX-License-Identifier: Apache-2.0 */
/* hostile_states: arrays that may be anything as a state file, see hostile.h. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <zip.h>

#include "session/states.h"
#include "support/hostile.h"

enum { MAX_ENTRIES = 8, MAGIC_BYTES = 6 };

/* Bytes to the next magic word, not counting one at the start. */
static size_t piece_bytes(const uint8_t *bytes, size_t len_bytes) {
  for (size_t at = 1; at + MAGIC_BYTES <= len_bytes; at++) {
    if (memcmp(bytes + at, "\x93NUMPY", MAGIC_BYTES) == 0) {
      return at;
    }
  }
  return len_bytes;
}

static void write_zip(const char *path, const uint8_t *bytes, size_t len_bytes) {
  zip_t *zip = zip_open(path, ZIP_CREATE | ZIP_TRUNCATE, NULL);
  hostile_demand(zip != NULL, "there is no file for the test", path);
  for (unsigned n = 0; n < MAX_ENTRIES && len_bytes > 0; n++) {
    char name[16];
    const size_t piece = piece_bytes(bytes, len_bytes);
    zip_source_t *source = zip_source_buffer(zip, bytes, piece, 0);
    (void)snprintf(name, sizeof name, "%c%u.npy", n % 2 == 0 ? 'h' : 'c', n / 2);
    const zip_int64_t entry = zip_file_add(zip, name, source, ZIP_FL_ENC_UTF_8);
    hostile_demand(entry >= 0, "an entry cannot be written", name);
    hostile_demand(zip_set_file_compression(zip, (zip_uint64_t)entry, ZIP_CM_STORE, 0) == 0,
                   "an entry cannot be stored", name);
    bytes += piece;
    len_bytes -= piece;
  }
  hostile_demand(zip_close(zip) == 0, "the file cannot be written", path);
}

static void demand_same_again(const struct trine_model *model, const struct trine_states *states,
                              const char *path) {
  struct trine_states again;
  struct trine_error error = {""};
  hostile_demand(trine_states_save(path, states, &error) == TRINE_OK, "states cannot be written",
                 error.text);
  hostile_demand(trine_states_read(path, model, &again, &error) == TRINE_OK,
                 "states that were written cannot be read", error.text);
  hostile_demand(again.sequences == states->sequences && again.lstm_count == states->lstm_count,
                 "states change their number", path);
  for (uint32_t n = 0; n < states->lstm_count; n++) {
    const size_t count = (size_t)states->sequences * states->units[n];
    hostile_demand(memcmp(again.lstm[n].h, states->lstm[n].h, count) == 0 &&
                       memcmp(again.lstm[n].c, states->lstm[n].c, count * sizeof(int16_t)) == 0,
                   "states change when they are written and read", path);
  }
  trine_states_free(&again);
}

bool hostile_states(const struct trine_model *model, const uint8_t *bytes, size_t len_bytes) {
  /* An empty archive is no file at all: libzip removes it. */
  static const uint8_t nothing[1] = {0};
  char path[64];
  (void)snprintf(path, sizeof path, "/tmp/trine_states_%ld.npz", (long)getpid());
  write_zip(path, len_bytes > 0 ? bytes : nothing, len_bytes > 0 ? len_bytes : 1);
  struct trine_states states;
  struct trine_error error = {""};
  const bool good = trine_states_read(path, model, &states, &error) == TRINE_OK;
  if (good) {
    demand_same_again(model, &states, path);
  } else {
    hostile_demand_sentence(&error);
  }
  trine_states_free(&states);
  (void)remove(path);
  return good;
}
