/* SPDX-License-Identifier: Apache-2.0 */
/* disassemble: programs as text, for error sentences, tests and people. */
#ifndef TRINE_DISASSEMBLE_H
#define TRINE_DISASSEMBLE_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Name of an operation, or of a block; "?" if there is none of this number. Never NULL. */
const char *trine_op_name(uint32_t op);

/* Words of the operation that starts with this word; 0 if it is none. */
uint32_t trine_op_words(uint32_t first_word);

/* Writes one line (without a newline) for the operation at words[0], at most `count` words, and
 * returns its length in words; 0 when the words are no operation (the text says why). The text is
 * always terminated. */
uint32_t trine_disassemble(const uint32_t *words, uint32_t count, char *text, size_t text_bytes);

/* Instead of a rank: all of them. */
#define TRINE_ALL_RANKS UINT32_MAX

/* The operations of a whole program of `bytes` bytes, out of their blocks, as they stand there:
 * all, or those that one rank does, END and BARRIER among them. How many words; 0 when the program
 * has no such rank, its list or a block is out of bounds, or there are more than `room`. CRCs are
 * not looked at; a word that begins no operation of a length that fits counts as one of a word. */
uint32_t trine_program_list(const uint32_t *program, size_t bytes, uint32_t rank, uint32_t *words,
                            uint32_t room);

#ifdef __cplusplus
}
#endif

#endif
