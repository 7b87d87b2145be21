/* SPDX-License-Identifier: Apache-2.0 */
/* wire: the messages of an .onnx by their fields' numbers, see wire.h and onnx.proto. */
#include "onnx/wire.h"

#include <string.h>

#include "onnx/onnx.h"

enum message_kind {
  MODEL,
  GRAPH,
  NODE,
  ATTRIBUTE,
  TENSOR,
  PAIR,
  INFO,
  TYPE,
  TENSOR_TYPE,
  SHAPE,
  DIMENSION,
  OPERATOR_SET,
  NAME /* not a message, but text */
};

/* Graphs within graphs, at most: each is three messages deeper. */
enum { MAX_GRAPHS_DEPTH = 6 };

enum {
  VARINT = 0,
  FIXED64 = 1,
  BYTES = 2,
  FIXED32 = 5,
  MAX_DEPTH = 8 + 3 * MAX_GRAPHS_DEPTH,
  VARINT_BYTES = 10
};

/* Fields that have something in them, and whether there may be more than one of them. */
static const struct {
  enum message_kind in;
  uint32_t number;
  enum message_kind holds;
  bool many;
} fields[] = {
    {MODEL, 7, GRAPH, false},       {MODEL, 8, OPERATOR_SET, true}, {GRAPH, 1, NODE, true},
    {GRAPH, 2, NAME, true},         {GRAPH, 5, TENSOR, true},       {GRAPH, 11, INFO, true},
    {GRAPH, 12, INFO, true},        {GRAPH, 13, INFO, true},        {NODE, 1, NAME, true},
    {NODE, 2, NAME, true},          {NODE, 3, NAME, true},          {NODE, 4, NAME, true},
    {NODE, 5, ATTRIBUTE, true},     {NODE, 7, NAME, true},          {ATTRIBUTE, 1, NAME, true},
    {ATTRIBUTE, 5, TENSOR, false},  {ATTRIBUTE, 6, GRAPH, false},   {TENSOR, 8, NAME, true},
    {TENSOR, 13, PAIR, true},       {PAIR, 1, NAME, true},          {PAIR, 2, NAME, true},
    {INFO, 1, NAME, true},          {INFO, 2, TYPE, false},         {TYPE, 1, TENSOR_TYPE, false},
    {TENSOR_TYPE, 2, SHAPE, false}, {SHAPE, 1, DIMENSION, true},    {OPERATOR_SET, 1, NAME, true}};

/* A message that is being looked through. */
struct wire_part {
  enum message_kind message;
  const uint8_t *end;
  uint32_t seen; /* a bit for each entry of `fields` */
};

struct scan {
  const uint8_t *begin, *at;
  struct wire_part parts[MAX_DEPTH];
  uint32_t depth;
  uint64_t field_count, message_count;
  struct trine_error *error;
};

static bool damaged(const struct scan *scan) {
  trine_error_set(scan->error,
                  "It is damaged at byte %zu, or not an .onnx model; a whole one is needed.",
                  (size_t)(scan->at - scan->begin));
  return false;
}

static bool varint(struct scan *scan, const uint8_t *end, uint64_t *value) {
  *value = 0;
  for (uint32_t n = 0; n < VARINT_BYTES && scan->at < end; n++) {
    const uint8_t byte = *scan->at++;
    *value |= (uint64_t)(byte & 0x7F) << (7 * n);
    if (byte < 0x80) {
      return true;
    }
  }
  return damaged(scan);
}

/* Names are kept up to their first zero byte, so that two could become one. */
static bool check_name(struct scan *scan, size_t length) {
  if (length > 0 && memchr(scan->at, 0, length) != NULL) {
    trine_error_set(
        scan->error,
        "A name in the graph has a zero byte, which none may have (near byte %zu of the file).",
        (size_t)(scan->at - scan->begin));
    return false;
  }
  scan->at += length;
  return true;
}

static bool count(struct scan *scan, bool message) {
  scan->field_count++;
  scan->message_count += message;
  if (scan->field_count > TRINE_ONNX_MAX_FIELDS || scan->message_count > TRINE_ONNX_MAX_MESSAGES) {
    trine_error_set(scan->error,
                    "The file has more than %d fields or %d messages, which no network that fits "
                    "has; cut the part around its LSTMs out of it first.",
                    TRINE_ONNX_MAX_FIELDS, TRINE_ONNX_MAX_MESSAGES);
    return false;
  }
  return true;
}

/* A field of `length` bytes: one of those that are known, or skipped. */
static bool look_into(struct scan *scan, struct wire_part *part, uint64_t number, size_t length) {
  for (uint32_t n = 0; n < sizeof fields / sizeof fields[0]; n++) {
    if (fields[n].in != part->message || fields[n].number != number) {
      continue;
    }
    if (fields[n].holds == NAME) {
      return count(scan, false) && check_name(scan, length);
    }
    if (scan->depth == MAX_DEPTH) {
      trine_error_set(scan->error,
                      "Graphs stand within each other %d deep or more (near byte %zu of the file); "
                      "at most %d are read: export it without control flow.",
                      MAX_GRAPHS_DEPTH + 1, (size_t)(scan->at - scan->begin), MAX_GRAPHS_DEPTH);
      return false;
    }
    if (!fields[n].many && (part->seen >> n & 1U) != 0) {
      return damaged(scan);
    }
    part->seen |= 1U << n;
    scan->parts[scan->depth++] =
        (struct wire_part){.message = fields[n].holds, .end = scan->at + length};
    return count(scan, true);
  }
  scan->at += length;
  return count(scan, false);
}

/* The next field of the innermost message. */
static bool step(struct scan *scan) {
  struct wire_part *part = &scan->parts[scan->depth - 1];
  uint64_t tag = 0, value = 0;
  if (!varint(scan, part->end, &tag)) {
    return false;
  }
  const uint64_t left = (uint64_t)(part->end - scan->at), type = tag & 7;
  if (tag >> 3 == 0 || tag > UINT32_MAX) {
    return damaged(scan);
  }
  if (type == VARINT) {
    return varint(scan, part->end, &value) && count(scan, false);
  }
  if (type == FIXED32 || type == FIXED64) {
    const size_t size = type == FIXED32 ? 4 : 8;
    if (size > left) {
      return damaged(scan);
    }
    scan->at += size;
    return count(scan, false);
  }
  if (type != BYTES || !varint(scan, part->end, &value) ||
      value > (uint64_t)(part->end - scan->at)) {
    return damaged(scan);
  }
  return look_into(scan, part, tag >> 3, (size_t)value);
}

bool wire_is_possible(const uint8_t *bytes, size_t len_bytes, struct trine_error *error) {
  struct scan scan = {.begin = bytes, .at = bytes, .depth = 1, .error = error};
  scan.parts[0] = (struct wire_part){.message = MODEL, .end = bytes + len_bytes};
  while (scan.depth > 0) {
    if (scan.at == scan.parts[scan.depth - 1].end) {
      scan.depth--;
    } else if (!step(&scan)) {
      return false;
    }
  }
  return true;
}
