/* SPDX-License-Identifier: Apache-2.0 */
/* inventory: the calls of the table in the files given, see inventory.h. */
#include "inventory.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lexer.h"

/* Cuts `line` at its bars; each part without the blanks around it, but quotes keep theirs. */
static int cut(char *line, char *parts[SETTER_FIELDS]) {
  int count = 0;
  for (char *at = line; at != NULL && count < SETTER_FIELDS; count++) {
    char *bar = strchr(at, '|');
    char *end = bar == NULL ? at + strlen(at) : bar;
    while (end > at && (end[-1] == ' ' || end[-1] == '\n')) {
      end--;
    }
    *end = '\0';
    at += strspn(at, " ");
    if (*at == '"' && end > at + 1) {
      at++;
      end[-1] = '\0';
    }
    parts[count] = at;
    at = bar == NULL ? NULL : bar + 1;
  }
  return count;
}

static bool take_style(const char *name, enum style *style) {
  static const char *const names[STYLES] = {"sentence", "clause", "part", "event"};
  for (int n = 0; n < STYLES; n++) {
    if (strcmp(name, names[n]) == 0) {
      *style = (enum style)n;
      return true;
    }
  }
  return false;
}

static bool read_table(struct inventory *inventory, const char *path) {
  char line[5 * FIELD_BYTES];
  FILE *table = fopen(path, "r");
  bool good = table != NULL;
  while (good && fgets(line, sizeof line, table) != NULL) {
    char *parts[SETTER_FIELDS];
    if (line[0] == '#' || line[0] == '\n') {
      continue;
    }
    struct setter *setter = &inventory->setters[inventory->setter_count];
    good = cut(line, parts) == SETTER_FIELDS && ++inventory->setter_count < MOST_SETTERS;
    if (good) {
      (void)snprintf(setter->name, FIELD_BYTES, "%s", parts[0]);
      (void)snprintf(setter->files, FIELD_BYTES, "%s", parts[1]);
      setter->argument = atoi(parts[2]);
      good = take_style(parts[3], &setter->style);
      (void)snprintf(setter->before, FIELD_BYTES, "%s", parts[4]);
      (void)snprintf(setter->after, FIELD_BYTES, "%s", parts[5]);
    }
  }
  if (table != NULL) {
    (void)fclose(table);
  }
  if (!good) {
    (void)fprintf(stderr, "%s is no table of setters of %d columns.\n", path, SETTER_FIELDS);
  }
  return good;
}

/* Whether one of the words of `files` is the beginning of the path. */
static bool is_of(const char *files, const char *path) {
  for (const char *at = files; *at != '\0';) {
    const size_t length = strcspn(at, " ");
    if (length > 0 && strncmp(at, path, length) == 0) {
      return true;
    }
    at += length;
    at += strspn(at, " ");
  }
  return false;
}

/* A text with every conversion as %s. */
static void plain(const char *text, char *made, size_t bytes) {
  size_t length = 0;
  const char *end = NULL;
  while (*text != '\0' && length + 3 < bytes) {
    const bool value = inventory_conversion(text, &end) == text;
    made[length++] = value ? '%' : *text;
    if (value) {
      made[length++] = 's';
    }
    text = value ? end : text + 1;
  }
  made[length] = '\0';
}

/* Whether the text is what a callee of the table puts around the texts it is given. */
static bool is_frame(struct inventory *inventory, const char *text) {
  char given[3 * FIELD_BYTES], frame[3 * FIELD_BYTES], made[3 * FIELD_BYTES];
  plain(text, given, sizeof given);
  for (int n = 0; n < inventory->setter_count; n++) {
    struct setter *setter = &inventory->setters[n];
    (void)snprintf(frame, sizeof frame, "%s%%s%s", setter->before, setter->after);
    plain(frame, made, sizeof made);
    if (strcmp(given, made) == 0) {
      setter->is_framed = true;
      return true;
    }
  }
  return false;
}

struct place {
  struct inventory *inventory;
  const struct setter *setter;
  const char *file;
  int line;
};

static void take(void *context, const char *text) {
  const struct place *place = context;
  struct inventory *inventory = place->inventory;
  if (is_frame(inventory, text) || inventory->count == MOST_ENTRIES) {
    return; /* the sentence is made elsewhere */
  }
  const size_t bytes =
      strlen(place->setter->before) + strlen(text) + strlen(place->setter->after) + 1;
  struct entry *entry = &inventory->entries[inventory->count++];
  *entry = (struct entry){.text = malloc(bytes),
                          .file = strdup(place->file),
                          .line = place->line,
                          .setter = place->setter};
  if (entry->text != NULL) {
    (void)snprintf(entry->text, bytes, "%s%s%s", place->setter->before, text, place->setter->after);
  }
}

static bool read_file(struct inventory *inventory, const char *path) {
  struct lex_file file;
  if (!lex_open(path, &file)) {
    (void)fprintf(stderr, "%s cannot be read.\n", path);
    return false;
  }
  for (int n = 0; n < inventory->setter_count; n++) {
    const struct setter *setter = &inventory->setters[n];
    const char *at = is_of(setter->files, path) ? file.text : NULL;
    while (at != NULL && (at = lex_call(&file, at, setter->name)) != NULL) {
      struct place place = {inventory, setter, path, lex_line(&file, at)};
      lex_argument(&file, at, setter->argument, take, &place);
    }
  }
  lex_close(&file);
  return true;
}

bool inventory_read(struct inventory *inventory, const char *table, char *const *files, int count) {
  inventory->setter_count = inventory->count = 0;
  bool good = read_table(inventory, table);
  for (int n = 0; n < count && good; n++) {
    good = read_file(inventory, files[n]);
  }
  for (int n = 0; n < inventory->setter_count && good; n++) {
    const struct setter *setter = &inventory->setters[n];
    good = setter->is_framed || setter->before[0] == '\0';
    if (!good) {
      (void)fprintf(stderr, "%s: no source puts \"%s\" and \"%s\" around a text, as of %s.\n",
                    table, setter->before, setter->after, setter->name);
    }
  }
  for (int n = 0; n < inventory->count && good; n++) {
    good = inventory->entries[n].text != NULL && inventory->entries[n].file != NULL;
  }
  return good;
}

void inventory_free(struct inventory *inventory) {
  for (int n = 0; n < inventory->count; n++) {
    free(inventory->entries[n].text);
    free(inventory->entries[n].file);
  }
  inventory->count = 0;
}

const char *inventory_conversion(const char *at, const char **end) {
  for (at = strchr(at, '%'); at != NULL; at = strchr(at + 2, '%')) {
    if (at[1] != '%') {
      const char *letter = at + 1 + strspn(at + 1, "-+ #0123456789.*hlzjt");
      *end = *letter == '\0' ? letter : letter + 1;
      return at;
    }
  }
  return NULL;
}
