/* SPDX-License-Identifier: Apache-2.0 */
/* text: names out of files, made fit to be shown.
 *
 * A name in a model may hold anything: a terminal obeys some of it (ESC, BEL, the C1 controls,
 * marks that turn the direction of reading). So every text from a file goes through here before it
 * is printed: trine_error_set does it to a whole sentence, reports to each name. */
#ifndef TRINE_TEXT_H
#define TRINE_TEXT_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

enum { TRINE_TEXT_ROOM = 256, TRINE_TEXT_NUMBER = 32 };

/* Makes a text harmless in its place: each control character (C0, DEL, C1, those of direction) and
 * each byte that is not valid UTF-8 becomes '?'. What is printable stays as it is. */
void trine_text_clean(char *text);

/* A harmless copy of a name, of at most `limit` bytes and cut at the room's size; "" for NULL.
 * Returns room. */
const char *trine_text_of(char room[TRINE_TEXT_ROOM], size_t limit, const char *name);

/* 12345678 as 12,345,678. Returns room. */
const char *trine_text_number(char room[TRINE_TEXT_NUMBER], uint64_t value);

#ifdef __cplusplus
}
#endif

#endif
