/* SPDX-License-Identifier: Apache-2.0 */
/* form: what a program can check of a sentence that refuses something.
 *
 * One sentence without a newline or an exclamation mark, of at most FORM_MOST characters; a
 * sentence begins with a capital (or the value refused) and ends with a full stop or the command to
 * type, a clause begins small and ends without one; no word that says nothing; the value refused;
 * and a limit, what is allowed, or a way out. */
#ifndef TRINE_REFUSALS_FORM_H
#define TRINE_REFUSALS_FORM_H

#include "inventory.h"

enum { FORM_MOST = 260 };

/* Of memory nothing more can be said than what it was for, and no test runs out of it. */
bool form_of_memory(const char *text);

/* What is wrong with the sentence, or NULL. */
const char *form_fault(const struct entry *entry);

#endif
