/* SPDX-License-Identifier: Apache-2.0 */
/* make_message: see make_message.h. */
#include "support/make_message.h"

#include <string.h>

enum { NUMBER = 0, BYTES = 2, LENGTH_BYTES = 5 };

void message_put(struct message *message, const void *bytes, size_t count) {
  if (count <= message->room - message->length && count > 0) {
    memcpy(message->bytes + message->length, bytes, count);
    message->length += count;
  }
}

static void put_varint(struct message *message, uint64_t value) {
  do {
    const uint8_t byte = (uint8_t)((value & 0x7F) | (value > 0x7F ? 0x80 : 0));
    message_put(message, &byte, 1);
    value >>= 7;
  } while (value != 0);
}

void message_number(struct message *message, uint32_t field, int64_t value) {
  put_varint(message, field << 3 | NUMBER);
  put_varint(message, (uint64_t)value);
}

void message_bytes(struct message *message, uint32_t field, const void *bytes, size_t count) {
  put_varint(message, field << 3 | BYTES);
  put_varint(message, count);
  message_put(message, bytes, count);
}

void message_text(struct message *message, uint32_t field, const char *text) {
  message_bytes(message, field, text, strlen(text));
}

/* The length has a fixed number of bytes, put in when it is known. */
size_t message_begin(struct message *message, uint32_t field) {
  static const uint8_t zeros[LENGTH_BYTES] = {0};
  put_varint(message, field << 3 | BYTES);
  message_put(message, zeros, sizeof zeros);
  return message->length;
}

void message_end(struct message *message, size_t start) {
  size_t length = message->length - start;
  for (uint32_t n = 0; n < LENGTH_BYTES && start >= LENGTH_BYTES; n++) {
    message->bytes[start - LENGTH_BYTES + n] =
        (uint8_t)((length & 0x7F) | (n + 1 < LENGTH_BYTES ? 0x80 : 0));
    length >>= 7;
  }
}
