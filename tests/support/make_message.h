/* SPDX-License-Identifier: Apache-2.0 */
/* make_message: bytes of messages as .onnx files have them, field by field, for files that no
 * exporter writes. */
#ifndef TRINE_TEST_MAKE_MESSAGE_H
#define TRINE_TEST_MAKE_MESSAGE_H

#include <stddef.h>
#include <stdint.h>

/* Where the bytes go; what does not fit is left out, and length stays below room. */
struct message {
  uint8_t *bytes;
  size_t length, room;
};

void message_put(struct message *message, const void *bytes, size_t count);
/* A field that is a whole number, a text, or some bytes. */
void message_number(struct message *message, uint32_t field, int64_t value);
void message_text(struct message *message, uint32_t field, const char *text);
void message_bytes(struct message *message, uint32_t field, const void *bytes, size_t count);
/* A message within: the fields between the two calls; end takes what begin returned. */
size_t message_begin(struct message *message, uint32_t field);
void message_end(struct message *message, size_t start);

#endif
