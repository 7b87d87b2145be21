/* SPDX-License-Identifier: Apache-2.0 */
/* make_onnx: see make_onnx.h. */
#include "support/checked/make_onnx.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "onnx/onnx.h"

enum { ROOM = 16 << 20, SECONDS = 4 };

struct message onnx_out;
size_t onnx_graph;

void onnx_start(void) {
  onnx_start_of(INT64_MAX);
}

void onnx_start_of(int64_t opset) {
  free(onnx_out.bytes);
  onnx_out = (struct message){.bytes = malloc(ROOM), .room = ROOM};
  ck_assert_ptr_nonnull(onnx_out.bytes);
  const size_t import = message_begin(&onnx_out, MODEL_OPSET);
  message_number(&onnx_out, 2, opset);
  message_end(&onnx_out, import);
  onnx_graph = message_begin(&onnx_out, MODEL_GRAPH);
}

void onnx_put_end(uint32_t field, const char *name) {
  const size_t info = message_begin(&onnx_out, field);
  message_text(&onnx_out, 1, name);
  message_end(&onnx_out, info);
}

void onnx_put_input(int64_t width) {
  onnx_put_shaped_input(3, (const int64_t[]){0, 0, width});
}

void onnx_put_shaped_input(uint32_t rank, const int64_t *dims) {
  onnx_put_named_input("x", rank, dims);
}

void onnx_put_named_input(const char *name, uint32_t rank, const int64_t *dims) {
  const size_t info = message_begin(&onnx_out, GRAPH_INPUT);
  message_text(&onnx_out, 1, name);
  const size_t whole = message_begin(&onnx_out, 2), tensor = message_begin(&onnx_out, 1);
  message_number(&onnx_out, 1, FLOAT);
  const size_t shape = message_begin(&onnx_out, 2);
  for (uint32_t n = 0; n < rank; n++) {
    const size_t dimension = message_begin(&onnx_out, 1);
    if (dims[n] > 0) {
      message_number(&onnx_out, 1, dims[n]);
    }
    message_end(&onnx_out, dimension);
  }
  message_end(&onnx_out, shape);
  message_end(&onnx_out, tensor);
  message_end(&onnx_out, whole);
  message_end(&onnx_out, info);
}

size_t onnx_begin_node(const char *op, uint32_t inputs, const char *const *names,
                       const char *output) {
  const size_t node = message_begin(&onnx_out, GRAPH_NODE);
  for (uint32_t n = 0; n < inputs; n++) {
    message_text(&onnx_out, NODE_IN, names[n]);
  }
  message_text(&onnx_out, NODE_OUT, output);
  message_text(&onnx_out, NODE_OP, op);
  return node;
}

void onnx_put_int(const char *name, int64_t value) {
  const size_t attribute = message_begin(&onnx_out, NODE_ATTRIBUTE);
  message_text(&onnx_out, 1, name);
  message_number(&onnx_out, 3, value);
  message_end(&onnx_out, attribute);
}

void onnx_put_node(const char *op, uint32_t inputs, const char *const *names, const char *output,
                   int64_t axis) {
  const size_t node = onnx_begin_node(op, inputs, names, output);
  onnx_put_int("axis", axis);
  message_end(&onnx_out, node);
}

void onnx_put_tensor(const char *name, int64_t type, uint32_t rank, const int64_t *dims,
                     const void *bytes, size_t size) {
  const size_t tensor = message_begin(&onnx_out, GRAPH_TENSOR);
  void *zeros = calloc(1, size + 1);
  ck_assert_ptr_nonnull(zeros);
  for (uint32_t n = 0; n < rank; n++) {
    message_number(&onnx_out, 1, dims[n]);
  }
  message_number(&onnx_out, 2, type);
  message_text(&onnx_out, TENSOR_NAME, name);
  message_bytes(&onnx_out, 9, bytes != NULL ? bytes : zeros, size);
  message_end(&onnx_out, tensor);
  free(zeros);
}

void onnx_finish(const char *output, const char *words) {
  struct trine_onnx *model = NULL;
  struct trine_error error = {""};
  onnx_put_end(GRAPH_OUTPUT, output);
  message_end(&onnx_out, onnx_graph);
  ck_assert_uint_lt(onnx_out.length + 64, onnx_out.room);
  const clock_t begun = clock();
  const enum trine_status status =
      trine_onnx_parse(onnx_out.bytes, onnx_out.length, NULL, NULL, &model, &error);
  const double seconds = (double)(clock() - begun) / CLOCKS_PER_SEC;
  ck_assert_msg(seconds < SECONDS, "%zu bytes took %g s", onnx_out.length, seconds);
  ck_assert_msg((status == TRINE_OK) == (words == NULL), "%s", error.text);
  ck_assert_msg(words == NULL || strstr(error.text, words) != NULL, "%s", error.text);
  trine_onnx_free(model);
}
