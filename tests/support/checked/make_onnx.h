/* SPDX-License-Identifier: Apache-2.0 */
/* make_onnx: graphs that no exporter writes, node by node, and that they are refused.
 *
 * One file at a time, which begins with onnx_start and ends with onnx_finish. What has no function
 * here is written with support/make_message.h into onnx_out, in the graph that is open. */
#ifndef TRINE_MAKE_ONNX_H
#define TRINE_MAKE_ONNX_H

#include "support/make_message.h"

enum { MODEL_GRAPH = 7, MODEL_OPSET = 8 };
enum { GRAPH_NODE = 1, GRAPH_TENSOR = 5, GRAPH_INPUT = 11, GRAPH_OUTPUT = 12 };
enum { NODE_IN = 1, NODE_OUT = 2, NODE_OP = 4, NODE_ATTRIBUTE = 5, TENSOR_NAME = 8 };
enum { FLOAT = 1, INT64 = 7 };

extern struct message onnx_out; /* its bytes are freed by the next start */
extern size_t onnx_graph;       /* where the graph begins */

void onnx_start(void);
/* With that version of the operator set. */
void onnx_start_of(int64_t opset);

/* An input or output of the graph (GRAPH_INPUT, GRAPH_OUTPUT), of no shape. */
void onnx_put_end(uint32_t field, const char *name);
/* The input x, float [batch,time,width], or of these sizes; 0: open. */
void onnx_put_input(int64_t width);
void onnx_put_shaped_input(uint32_t rank, const int64_t *dims);
void onnx_put_named_input(const char *name, uint32_t rank, const int64_t *dims);

/* A node with an attribute `axis`; or its beginning, which message_end ends behind what attributes
 * onnx_put_int gives it. */
void onnx_put_node(const char *op, uint32_t inputs, const char *const *names, const char *output,
                   int64_t axis);
size_t onnx_begin_node(const char *op, uint32_t inputs, const char *const *names,
                       const char *output);
void onnx_put_int(const char *name, int64_t value);

/* A constant; bytes NULL: all zeros. */
void onnx_put_tensor(const char *name, int64_t type, uint32_t rank, const int64_t *dims,
                     const void *bytes, size_t size);

/* Ends the file, which is refused with these words, or (NULL) read; in little time either way. */
void onnx_finish(const char *output, const char *words);

#endif
