/* SPDX-License-Identifier: Apache-2.0 */
/* errors: the parts of the suite of errors; each function adds its tests. */
#ifndef TRINE_ERRORS_H
#define TRINE_ERRORS_H

#include <check.h>

/* A number of the environment, at least 0; otherwise when there is none. */
long errors_number(const char *name, long otherwise);

void errors_add_programs(Suite *suite);
void errors_add_memory(Suite *suite);
void errors_add_starts(Suite *suite);
void errors_add_modes(Suite *suite);
void errors_add_setup(Suite *suite);
void errors_add_turns(Suite *suite);
void errors_add_repeats(Suite *suite);
void errors_add_ends(Suite *suite);
void errors_add_fields(Suite *suite);
void errors_add_loaded(Suite *suite);
void errors_add_remains(Suite *suite);
void errors_add_beside(Suite *suite);
void errors_add_forget(Suite *suite);
void errors_add_ranks(Suite *suite);
void errors_add_apart(Suite *suite);
void errors_add_lists(Suite *suite);

#endif
