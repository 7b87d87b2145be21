/* SPDX-License-Identifier: Apache-2.0 */
/* mutate: changes made to the list of a good program, which stays well-formed or nearly so. */
#ifndef TRINE_ATTACK_MUTATE_H
#define TRINE_ATTACK_MUTATE_H

#include "list.h"
#include "support/seed.h"
#include "trine.h"

enum { MUTATE_TEXT = 512 };

/* Makes one to some changes; what was done is added to `how` (MUTATE_TEXT bytes). other: one that
 * words are taken from. window_bytes, program: of the window, and the offset of the program. */
void mutate_list(struct seed_stream *stream, const struct trine_info *info, struct list *list,
                 const struct list *other, uint32_t window_bytes, uint32_t program, char *how);

/* Changes a word of the header of a program that is laid and sealed. */
void mutate_header(struct seed_stream *stream, uint32_t *words, char *how);

#endif
