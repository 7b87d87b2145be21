/* SPDX-License-Identifier: Apache-2.0 */
/* records: the operations of a program and the fields of their words.
 * Generated from rtl/program/records.txt by sw/tools/recgen.c (make gen-records).
 * A field is its word in the operation, its lowest bit and its bits. */
#ifndef TRINE_PROGRAM_RECORDS_H
#define TRINE_PROGRAM_RECORDS_H

/* A list has less than 2^20 words. */
#define TRINE_LIST_BITS 20u

/* What a block begins with. */
#define TRINE_BLOCK_CODE 8u

/* Most words of operations in a block. */
#define TRINE_BLOCK_WORDS 126u

/* Most words of an operation. */
#define TRINE_OP_WORDS 62u

enum trine_op {
  TRINE_OP_END = 0x01,
  TRINE_OP_BARRIER = 0x02,
  TRINE_OP_LOAD = 0x03,
  TRINE_OP_SAVE = 0x04,
  TRINE_OP_CHANNEL = 0x05,
  TRINE_OP_CONTEXT = 0x06,
  TRINE_OP_READ = 0x07,
  TRINE_OP_WRITE = 0x09,
  TRINE_OP_TABLE = 0x0a,
  TRINE_OP_RUN = 0x0b
};

/* Words of the operations, and of parts that are none; a TABLE says its own. */
enum {
  TRINE_WORDS_HEAD = 8,
  TRINE_WORDS_BLOCK = 2,
  TRINE_WORDS_FIRST = 1,
  TRINE_WORDS_END = 1,
  TRINE_WORDS_BARRIER = 1,
  TRINE_WORDS_LOAD = 5,
  TRINE_WORDS_SAVE = 4,
  TRINE_WORDS_CHANNEL = 4,
  TRINE_WORDS_CONTEXT = 14,
  TRINE_WORDS_READ = 7,
  TRINE_WORDS_WRITE = 8,
  TRINE_WORDS_RUN = 3
};

/* X(NAME, words, kind's mask in word 1, kind's value; 0: any but 0) of each. */
#define TRINE_OP_LIST(X) \
  X(END, 1, 0x0u, 0x0u) \
  X(BARRIER, 1, 0x0u, 0x0u) \
  X(LOAD, 5, 0x3u, 0x2u) \
  X(SAVE, 4, 0x0u, 0x0u) \
  X(CHANNEL, 4, 0xf00u, 0x0u) \
  X(CONTEXT, 14, 0x10u, 0x10u) \
  X(READ, 7, 0x0u, 0x0u) \
  X(WRITE, 8, 0x0u, 0x0u) \
  X(TABLE, 0, 0x0u, 0x0u) \
  X(RUN, 3, 0x0u, 0x0u)

/* 0x454E5254 ("TRNE"). */
#define TRINE_FIELD_HEAD_MAGIC 0, 0, 32
/* 3. */
#define TRINE_FIELD_HEAD_VERSION 1, 0, 32
/* Length of the whole program, header included. */
#define TRINE_FIELD_HEAD_BYTES 2, 0, 32
/* As the register MODE. */
#define TRINE_FIELD_HEAD_MODE 3, 0, 2
/* 1 to 16. */
#define TRINE_FIELD_HEAD_RANKS 3, 8, 5
/* CONFIG_HASH of the device it was made for. */
#define TRINE_FIELD_HEAD_CONFIG_HASH 4, 0, 32
/* It needs resident contexts, and is refused (NOT_RESIDENT) if the cores changed owner since. */
#define TRINE_FIELD_HEAD_RESIDENT 5, 0, 1
/* Of the list, which follows the header and ends inside the program. */
#define TRINE_FIELD_HEAD_WORDS 6, 0, 32
/* CRC-32 (zlib's) of words 0 to 6. */
#define TRINE_FIELD_HEAD_CRC 7, 0, 32
/* Of a block: no operation has it. */
#define TRINE_FIELD_BLOCK_CODE 0, 0, 8
/* Of operations. */
#define TRINE_FIELD_BLOCK_WORDS 0, 8, 7
/* The list ends with it. */
#define TRINE_FIELD_BLOCK_LAST 0, 15, 1
/* Blocks of the list before it. */
#define TRINE_FIELD_BLOCK_INDEX 0, 20, 12
/* CRC-32 of the heads and operations of the list so far, behind the operations. */
#define TRINE_FIELD_BLOCK_CRC 1, 0, 32
/* Which operation. */
#define TRINE_FIELD_FIRST_OP 0, 0, 8
/* Its length, this one included. */
#define TRINE_FIELD_FIRST_WORDS 0, 8, 8
/* Who does it: a bit each. Not 0, and no rank that the job has not; one rank of a LOAD; 0 of
 * END and BARRIER, which all do. */
#define TRINE_FIELD_FIRST_RANKS 0, 16, 16
/* Where to. */
#define TRINE_FIELD_LOAD_BUFFER 1, 0, 2
#define TRINE_LOAD_WEIGHTS 0u
#define TRINE_LOAD_PARAMS 1u
#define TRINE_LOAD_VECTOR 2u
#define TRINE_LOAD_STATE 3u
/* Where in the buffer: weight words, parameter rows, bytes of the rings, state entries. */
#define TRINE_FIELD_LOAD_LOCAL 2, 0, 32
/* How many. A row of parameters is bias, multiplier (31 bits), shift (-31..31), 0; one that
 * is not is refused (FIELD, the word). An entry of the state is a word, as SAVE writes it; h is
 * ignored. */
#define TRINE_FIELD_LOAD_COUNT 3, 0, 32
/* Offset in the window. */
#define TRINE_FIELD_LOAD_SOURCE 4, 0, 32
/* First state entry. */
#define TRINE_FIELD_SAVE_ENTRY 1, 0, 32
/* How many. */
#define TRINE_FIELD_SAVE_COUNT 2, 0, 32
/* Offset in the window. */
#define TRINE_FIELD_SAVE_TARGET 3, 0, 32
/* Of the domain. */
#define TRINE_FIELD_CHANNEL_CHANNEL 1, 0, 4
/* Local users; 0 stops listening. */
#define TRINE_FIELD_CHANNEL_USERS 1, 8, 4
/* First ring word of its slots. */
#define TRINE_FIELD_CHANNEL_RING 2, 0, 16
/* From one slot to the next. */
#define TRINE_FIELD_CHANNEL_STRIDE 2, 16, 16
/* Bus words of a vector: so many arrivals complete it. */
#define TRINE_FIELD_CHANNEL_WORDS 3, 0, 16
/* Which. */
#define TRINE_FIELD_CONTEXT_CONTEXT 1, 0, 4
/* A dense layer; otherwise an LSTM. */
#define TRINE_FIELD_CONTEXT_DENSE 1, 4, 1
/* Kept state: first steps take h and c from the state slots. Not of a dense layer. */
#define TRINE_FIELD_CONTEXT_KEPT 1, 5, 1
/* The h part of a step may go before its x part, where RUN or the step before says whether it
 * begins a sequence (flow_control.md). Not of a dense layer. */
#define TRINE_FIELD_CONTEXT_H_FIRST 1, 6, 1
/* Channel of the input. */
#define TRINE_FIELD_CONTEXT_INPUT 1, 8, 4
/* Channel that is published. */
#define TRINE_FIELD_CONTEXT_OUTPUT 1, 12, 4
/* That hear the published channel. */
#define TRINE_FIELD_CONTEXT_LISTENERS 1, 16, 5
/* Of the x part: ceil(inputs / MacsPerLane). No more than a slot of the channel has room for
 * (LOCAL_ADDRESS when a phase would read them); so are those of the h part. */
#define TRINE_FIELD_CONTEXT_X_CHUNKS 2, 0, 16
/* Of the h part. */
#define TRINE_FIELD_CONTEXT_H_CHUNKS 2, 16, 16
/* Row groups of the slice. */
#define TRINE_FIELD_CONTEXT_GROUPS 3, 0, 16
/* Of the slice (dense: rows), no more than the groups hold. */
#define TRINE_FIELD_CONTEXT_UNITS 3, 16, 16
/* Place of the slice in the vector. */
#define TRINE_FIELD_CONTEXT_FIRST_UNIT 4, 0, 16
/* First weight word of the x part. */
#define TRINE_FIELD_CONTEXT_X_WEIGHT 5, 0, 32
/* Of the h part. */
#define TRINE_FIELD_CONTEXT_H_WEIGHT 6, 0, 32
/* First parameter beat (TailRows rows) of the x part. */
#define TRINE_FIELD_CONTEXT_X_PARAM 7, 0, 16
/* Of the h part. */
#define TRINE_FIELD_CONTEXT_H_PARAM 7, 16, 16
/* First pre-activation entry. */
#define TRINE_FIELD_CONTEXT_PRE 8, 0, 16
/* First state entry, of sequence 0. */
#define TRINE_FIELD_CONTEXT_STATE 8, 16, 16
/* From one sequence's state to the next. */
#define TRINE_FIELD_CONTEXT_STATE_STRIDE 9, 0, 16
/* Ring word of h(t-1) of sequence 0. */
#define TRINE_FIELD_CONTEXT_H_RING 9, 16, 16
/* From one sequence's h to the next. */
#define TRINE_FIELD_CONTEXT_H_STRIDE 10, 0, 16
/* Of what is published. */
#define TRINE_FIELD_CONTEXT_ZERO_POINT 10, 16, 8
/* k + 15, k of the cell state's scale. */
#define TRINE_FIELD_CONTEXT_EXPONENT 10, 24, 3
/* Of the cell state; 0: off. */
#define TRINE_FIELD_CONTEXT_CELL_CLIP 11, 0, 16
/* Least byte that is published. */
#define TRINE_FIELD_CONTEXT_OUT_MIN 11, 16, 8
/* Largest; not below out_min. */
#define TRINE_FIELD_CONTEXT_OUT_MAX 11, 24, 8
/* Of the output's requantisation. */
#define TRINE_FIELD_CONTEXT_MULTIPLIER 12, 0, 31
/* Of the output's requantisation. */
#define TRINE_FIELD_CONTEXT_SHIFT 13, 0, 6
/* Which; not one that is active. */
#define TRINE_FIELD_READ_READER 1, 0, 1
/* That it publishes. */
#define TRINE_FIELD_READ_CHANNEL 1, 4, 4
/* That hear it. */
#define TRINE_FIELD_READ_LISTENERS 1, 8, 5
/* Offset of the rows in the window. */
#define TRINE_FIELD_READ_BASE 2, 0, 32
/* From one row to the next, signed. */
#define TRINE_FIELD_READ_STRIDE 3, 0, 32
/* Bus words of a vector; no more than the beats hold. */
#define TRINE_FIELD_READ_WORDS 4, 0, 16
/* Of a row. */
#define TRINE_FIELD_READ_BEATS 4, 16, 16
/* First entry of the table. */
#define TRINE_FIELD_READ_FIRST 5, 0, 16
/* How many. */
#define TRINE_FIELD_READ_SEQUENCES 5, 16, 16
/* Which; not one that is active. */
#define TRINE_FIELD_WRITE_WRITER 1, 0, 1
/* That it hears. */
#define TRINE_FIELD_WRITE_CHANNEL 1, 4, 4
/* Only the last step of a sequence. */
#define TRINE_FIELD_WRITE_LAST_ONLY 1, 8, 1
/* Offset of the rows in the window. */
#define TRINE_FIELD_WRITE_BASE 2, 0, 32
/* From one row to the next, signed. */
#define TRINE_FIELD_WRITE_STRIDE 3, 0, 32
/* Of a row; no more than a slot has, nor than the words of its channel. */
#define TRINE_FIELD_WRITE_BYTES 4, 0, 16
/* First entry of the table. */
#define TRINE_FIELD_WRITE_FIRST 5, 0, 16
/* How many. */
#define TRINE_FIELD_WRITE_SEQUENCES 5, 16, 16
/* First word (MemBytes) of its slots. */
#define TRINE_FIELD_WRITE_RAM 6, 0, 16
/* From one slot to the next. */
#define TRINE_FIELD_WRITE_RAM_STRIDE 6, 16, 16
/* First entry that is written. */
#define TRINE_FIELD_TABLE_FIRST 1, 0, 16
/* Added to the base of the reader or writer. */
#define TRINE_FIELD_TABLE_OFFSET 2, 0, 32
/* Of the sequence. */
#define TRINE_FIELD_TABLE_LENGTH 3, 0, 31
/* Its first step is not marked first: it goes on from h and c of the step before. */
#define TRINE_FIELD_TABLE_CONTINUED 3, 31, 1
/* Of each rank named: a bit each; none of them runs. */
#define TRINE_FIELD_RUN_CONTEXTS 1, 0, 16
/* Starts them and goes on to the next operation. Until a RUN without it, or END, has waited
 * for them, only RUN (contexts with different numbers of steps run together), READ, WRITE, SAVE
 * and END may come (OP). */
#define TRINE_FIELD_RUN_MORE 1, 16, 1
/* The first step of each: 1 goes on from the step before, 2 begins a sequence; 0: its mark
 * will say. */
#define TRINE_FIELD_RUN_BEGIN 1, 17, 2
/* Of each. */
#define TRINE_FIELD_RUN_STEPS 2, 0, 32

/* X(OPERATION, name, word, low, bits, signed, when) of each field; when: 0 always, 1 not in
 * operations of the kind, 2 only in those. */
#define TRINE_FIELD_LIST(X) \
  X(LOAD, buffer, 1, 0, 2, false, 0) \
  X(LOAD, local, 2, 0, 32, false, 1) \
  X(LOAD, local, 2, 0, 32, false, 2) \
  X(LOAD, count, 3, 0, 32, false, 1) \
  X(LOAD, count, 3, 0, 32, false, 2) \
  X(LOAD, source, 4, 0, 32, false, 0) \
  X(SAVE, entry, 1, 0, 32, false, 0) \
  X(SAVE, count, 2, 0, 32, false, 0) \
  X(SAVE, target, 3, 0, 32, false, 0) \
  X(CHANNEL, channel, 1, 0, 4, false, 0) \
  X(CHANNEL, users, 1, 8, 4, false, 0) \
  X(CHANNEL, ring, 2, 0, 16, false, 0) \
  X(CHANNEL, stride, 2, 16, 16, false, 0) \
  X(CHANNEL, words, 3, 0, 16, false, 1) \
  X(CHANNEL, words, 3, 0, 16, false, 2) \
  X(CONTEXT, context, 1, 0, 4, false, 0) \
  X(CONTEXT, dense, 1, 4, 1, false, 0) \
  X(CONTEXT, kept, 1, 5, 1, false, 0) \
  X(CONTEXT, h_first, 1, 6, 1, false, 0) \
  X(CONTEXT, input, 1, 8, 4, false, 0) \
  X(CONTEXT, output, 1, 12, 4, false, 0) \
  X(CONTEXT, listeners, 1, 16, 5, false, 0) \
  X(CONTEXT, x_chunks, 2, 0, 16, false, 1) \
  X(CONTEXT, h_chunks, 2, 16, 16, false, 1) \
  X(CONTEXT, x_chunks, 2, 0, 16, false, 2) \
  X(CONTEXT, groups, 3, 0, 16, false, 0) \
  X(CONTEXT, units, 3, 16, 16, false, 0) \
  X(CONTEXT, first_unit, 4, 0, 16, false, 1) \
  X(CONTEXT, first_unit, 4, 0, 16, false, 2) \
  X(CONTEXT, x_weight, 5, 0, 32, false, 0) \
  X(CONTEXT, h_weight, 6, 0, 32, false, 1) \
  X(CONTEXT, x_param, 7, 0, 16, false, 1) \
  X(CONTEXT, h_param, 7, 16, 16, false, 1) \
  X(CONTEXT, x_param, 7, 0, 16, false, 2) \
  X(CONTEXT, pre, 8, 0, 16, false, 1) \
  X(CONTEXT, state, 8, 16, 16, false, 1) \
  X(CONTEXT, state_stride, 9, 0, 16, false, 1) \
  X(CONTEXT, h_ring, 9, 16, 16, false, 1) \
  X(CONTEXT, h_stride, 10, 0, 16, false, 1) \
  X(CONTEXT, zero_point, 10, 16, 8, true, 1) \
  X(CONTEXT, exponent, 10, 24, 3, false, 1) \
  X(CONTEXT, zero_point, 10, 16, 8, true, 2) \
  X(CONTEXT, cell_clip, 11, 0, 16, false, 1) \
  X(CONTEXT, out_min, 11, 16, 8, true, 1) \
  X(CONTEXT, out_max, 11, 24, 8, true, 1) \
  X(CONTEXT, out_min, 11, 16, 8, true, 2) \
  X(CONTEXT, out_max, 11, 24, 8, true, 2) \
  X(CONTEXT, multiplier, 12, 0, 31, false, 1) \
  X(CONTEXT, shift, 13, 0, 6, true, 1) \
  X(READ, reader, 1, 0, 1, false, 0) \
  X(READ, channel, 1, 4, 4, false, 0) \
  X(READ, listeners, 1, 8, 5, false, 0) \
  X(READ, base, 2, 0, 32, false, 0) \
  X(READ, stride, 3, 0, 32, false, 0) \
  X(READ, words, 4, 0, 16, false, 0) \
  X(READ, beats, 4, 16, 16, false, 0) \
  X(READ, first, 5, 0, 16, false, 0) \
  X(READ, sequences, 5, 16, 16, false, 0) \
  X(WRITE, writer, 1, 0, 1, false, 0) \
  X(WRITE, channel, 1, 4, 4, false, 0) \
  X(WRITE, last_only, 1, 8, 1, false, 0) \
  X(WRITE, base, 2, 0, 32, false, 0) \
  X(WRITE, stride, 3, 0, 32, false, 0) \
  X(WRITE, bytes, 4, 0, 16, false, 0) \
  X(WRITE, first, 5, 0, 16, false, 0) \
  X(WRITE, sequences, 5, 16, 16, false, 0) \
  X(WRITE, ram, 6, 0, 16, false, 0) \
  X(WRITE, ram_stride, 6, 16, 16, false, 0) \
  X(TABLE, first, 1, 0, 16, false, 0) \
  X(TABLE, offset, 2, 0, 32, false, 0) \
  X(TABLE, length, 3, 0, 31, false, 0) \
  X(TABLE, continued, 3, 31, 1, false, 0) \
  X(RUN, contexts, 1, 0, 16, false, 0) \
  X(RUN, more, 1, 16, 1, false, 0) \
  X(RUN, begin, 1, 17, 2, false, 0) \
  X(RUN, steps, 2, 0, 32, false, 0)

#endif
