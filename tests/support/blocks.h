/* SPDX-License-Identifier: Apache-2.0 */
/* blocks: the operations of a list without its blocks, and put into blocks again, without a line of
 * the driver (docs/programmers_guide.md). */
#ifndef TRINE_BLOCKS_H
#define TRINE_BLOCKS_H

#include <stdbool.h>
#include <stdint.h>

/* Words of operations that a block holds; what the list has more for each block. */
enum { BLOCKS_MOST = 126, BLOCKS_MORE = 2 };

/* Puts `count` words of operations into blocks, and returns their words. place[n], when it is not
 * NULL: where word n is. What is no operation counts as one of a word. list holds `room`; 0 when it
 * is not enough. */
uint32_t blocks_lay(const uint32_t *ops, uint32_t count, uint32_t *list, uint32_t room,
                    uint32_t *place);

/* The operations of a list of `words`: how many words; place as above. 0 when a block does not fit
 * or there are more than `room`. */
uint32_t blocks_take(const uint32_t *list, uint32_t words, uint32_t *ops, uint32_t room,
                     uint32_t *place);

/* Makes the CRCs of a list right, as far as its heads say where they are. */
void blocks_seal(uint32_t *list, uint32_t words);

/* Whether heads and CRCs of a list are right. */
bool blocks_are_good(const uint32_t *list, uint32_t words);

#endif
