/* SPDX-License-Identifier: Apache-2.0 */
/* unpack: the messages of an .onnx file, looked through before and after they are unpacked. Private
 * to sw/onnx and the front end sw/graph/onnx_graph.c. */
#ifndef TRINE_ONNX_UNPACK_H
#define TRINE_ONNX_UNPACK_H

#include <stddef.h>
#include <stdint.h>

#include "io/error.h"
#include "onnx.pb-c.h"

enum { ONNX_PATH_BYTES = 4096 };

/* *file is to be given to onnx__model__free_unpacked; there is a graph with nodes, all with the
 * names that they need. TRINE_ERR_FORMAT: no .onnx, a damaged one, or one beyond a limit;
 * TRINE_ERR_UNSUPPORTED: of operators that are too old. *file is NULL then. */
enum trine_status onnx_unpack(const void *bytes, size_t len_bytes, Onnx__Model **file,
                              struct trine_error *error) TRINE_CHECK_RESULT;
/* Version of ONNX's own operators; a file that names none has the newest ones. */
int64_t onnx_opset(const Onnx__Model *file);
/* Values that a file of so many bytes may have and make. */
uint64_t onnx_budget(size_t len_bytes);
/* Where a file is, for side files of weights; NULL: standard input, which has none. */
const char *onnx_folder(const char *path, char folder[ONNX_PATH_BYTES]);

#endif
