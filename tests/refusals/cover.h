/* SPDX-License-Identifier: Apache-2.0 */
/* cover: which sentences of the inventory some test provokes.
 *
 * A sentence counts (those of memory do not) when the command said it (a line of SAID that it fits
 * from beginning to end, after a name of a file and a colon or not), or when a string of a test is
 * a part of what it can say, with COVER_LEAST characters of it that are no value and at least half
 * of the string. */
#ifndef TRINE_REFUSALS_COVER_H
#define TRINE_REFUSALS_COVER_H

#include "inventory.h"

enum { COVER_LEAST = 10 };

/* Whether the format can say the whole line, after anything that ends in ": ". */
bool cover_says(const char *format, const char *line);

/* Whether the string is a part of what the format can say. */
bool cover_holds(const char *format, const char *string);

/* Prints the share of each room and the sentences that nothing provokes; 1 when a room is below its
 * floor (`files | percent` a line of the file of floors), 2 when a file cannot be read. */
int cover(struct inventory *inventory, const char *said, const char *tests, const char *floors);

#endif
