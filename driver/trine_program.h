/* SPDX-License-Identifier: Apache-2.0 */
/* trine_program: numbers of the program format (docs/programmers_guide.md). */
#ifndef TRINE_PROGRAM_H
#define TRINE_PROGRAM_H

#define TRINE_PROGRAM_MAGIC 0x454e5254u
#define TRINE_PROGRAM_VERSION 1u

enum trine_op {
  TRINE_OP_END = 0x01,
  TRINE_OP_BARRIER = 0x02,
  TRINE_OP_LOAD = 0x10,
  TRINE_OP_SAVE = 0x11,
  TRINE_OP_CHANNEL = 0x20,
  TRINE_OP_CONTEXT = 0x21,
  TRINE_OP_READ = 0x30,
  TRINE_OP_WRITE = 0x31,
  TRINE_OP_TABLE = 0x38,
  TRINE_OP_RUN = 0x40
};

enum { TRINE_RUN_MORE = 1 << 16 }; /* beside the mask of a RUN: the next RUN runs with it */

enum trine_load {
  TRINE_LOAD_WEIGHTS = 0,
  TRINE_LOAD_PARAMS = 1,
  TRINE_LOAD_VECTOR = 2,
  TRINE_LOAD_STATE = 3
};

#endif
