/* SPDX-License-Identifier: Apache-2.0 */
/* inventory: every sentence that refuses something, found in the sources.
 *
 * setters.txt says which calls make one: `name | files | argument | style | before | after`, the
 * files as beginnings of paths, before and after what the callee puts around the text. */
#ifndef TRINE_REFUSALS_INVENTORY_H
#define TRINE_REFUSALS_INVENTORY_H

#include <stdbool.h>

enum { MOST_SETTERS = 64, MOST_ENTRIES = 2000, FIELD_BYTES = 200, SETTER_FIELDS = 6 };

/* How a text stands: a sentence, with a capital and a full stop; a clause, which may get a name put
 * before it; a part, which always gets the name of its file; an event, what a device did, of which
 * only the place can be said. */
enum style { STYLE_SENTENCE, STYLE_CLAUSE, STYLE_PART, STYLE_EVENT, STYLES };

struct setter {
  char name[FIELD_BYTES], files[FIELD_BYTES];
  int argument;
  enum style style;
  char before[FIELD_BYTES], after[FIELD_BYTES];
  bool is_framed; /* a file puts just that around a text */
};

struct entry {
  char *text, *file;
  int line;
  const struct setter *setter;
  bool covered;
};

struct inventory {
  struct setter setters[MOST_SETTERS];
  int setter_count;
  struct entry entries[MOST_ENTRIES];
  int count;
};

/* False, with a sentence on stderr, when the table or a file cannot be read. */
bool inventory_read(struct inventory *inventory, const char *table, char *const *files, int count);
void inventory_free(struct inventory *inventory);

/* The next conversion of a format at or behind `at`; *end is behind it. NULL when there is none. */
const char *inventory_conversion(const char *at, const char **end);

#endif
