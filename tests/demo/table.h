/* SPDX-License-Identifier: Apache-2.0 */
/* table: the rows of the demo as lines of text. */
#ifndef TRINE_DEMO_TABLE_H
#define TRINE_DEMO_TABLE_H

#include <stddef.h>

#include "judge.h"
#include "workers.h"

enum { TABLE_LINE = 400 };

/* 12345678 as 12,345,678; returns text. */
const char *table_number(uint64_t value, char text[32]);

/* The two lines above the rows. */
void table_head(char head[TABLE_LINE], char rule[TABLE_LINE]);

/* Row `index` as it is: waiting, under way, or its figures; red when it misses, if colours are
 * wanted. */
void table_line(const struct demo_board *board, uint32_t index, bool colours,
                char line[TABLE_LINE]);

/* The verdict of a row that is done and whose comparisons are; false when it is not. */
bool table_verdict(const struct demo_board *board, uint32_t index, struct demo_verdict *verdict);

/* What the columns mean and which figures are held, a sentence a line; NULL after the last. */
const char *table_note(uint32_t index);

#endif
