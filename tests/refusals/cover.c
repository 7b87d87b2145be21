/* SPDX-License-Identifier: Apache-2.0 */
/* cover: formats against texts, see cover.h. */
#include "cover.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "form.h"
#include "lexer.h"

enum { MOST_PIECES = 1024, VALUE = 256, GRAM = 8, BLOOM_BITS = 1 << 14 };

/* A format as characters, with VALUE for a conversion. */
struct pattern {
  uint16_t piece[MOST_PIECES];
  int count;
};

static void make_pattern(const char *format, struct pattern *pattern) {
  pattern->count = 0;
  while (*format != '\0' && pattern->count < MOST_PIECES) {
    const char *end = NULL;
    if (format[0] == '%' && format[1] == '%') {
      pattern->piece[pattern->count++] = '%';
      format += 2;
    } else if (inventory_conversion(format, &end) == format) {
      pattern->piece[pattern->count++] = VALUE;
      format = end;
    } else {
      pattern->piece[pattern->count++] = (unsigned char)*format++;
    }
  }
}

/* The most characters of text[at..] that fixed pieces from `from` on match, when all of the text is
 * used up (whole: and all pieces too); -1: it does not fit. `best` keeps what is known, + 2. */
static int match(const struct pattern *pattern, int from, const char *text, int at, bool whole,
                 int16_t *best, int width) {
  if (text[at] == '\0') {
    while (whole && from < pattern->count && pattern->piece[from] == VALUE) {
      from++;
    }
    return whole && from < pattern->count ? -1 : 0;
  }
  if (from == pattern->count) {
    return -1;
  }
  int16_t *known = &best[from * width + at];
  if (*known == 0) {
    int found = -1;
    if (pattern->piece[from] == VALUE) {
      found = match(pattern, from + 1, text, at, whole, best, width);
      const int more = match(pattern, from, text, at + 1, whole, best, width);
      found = more > found ? more : found;
    } else if (pattern->piece[from] == (unsigned char)text[at]) {
      found = match(pattern, from + 1, text, at + 1, whole, best, width);
      found += found >= 0;
    }
    *known = (int16_t)(found + 2);
  }
  return *known - 2;
}

static int match_from(const struct pattern *pattern, int from, const char *text, bool whole,
                      int16_t *best) {
  return match(pattern, from, text, 0, whole, best, (int)strlen(text));
}

static int16_t *make_best(const struct pattern *pattern, const char *text) {
  return calloc((size_t)pattern->count * strlen(text) + 1, sizeof(int16_t));
}

bool cover_says(const char *format, const char *line) {
  struct pattern pattern;
  make_pattern(format, &pattern);
  bool says = false;
  for (const char *at = line; at != NULL && !says;
       at = strstr(at, ": "), at += at != NULL ? 2 : 0) {
    char text[LEX_TEXT_BYTES];
    (void)snprintf(text, sizeof text, "%s", at);
    char *part = strstr(text, "; the rest of it runs with"); /* that is added to a whole sentence */
    if (part != NULL) {
      (void)memcpy(part, ".", 2);
    }
    for (int n = 0; n < 2 && !says; n++) { /* with and without the full stop the command adds */
      int16_t *best = make_best(&pattern, text);
      says = best != NULL && match_from(&pattern, 0, text, true, best) >= COVER_LEAST;
      free(best);
      const size_t length = strlen(text);
      text[length > 0 && text[length - 1] == '.' ? length - 1 : length] = '\0';
    }
  }
  return says;
}

bool cover_holds(const char *format, const char *string) {
  struct pattern pattern;
  make_pattern(format, &pattern);
  int16_t *best = make_best(&pattern, string);
  const int least = (int)strlen(string) / 2 > COVER_LEAST ? (int)strlen(string) / 2 : COVER_LEAST;
  bool holds = false;
  for (int from = 0; from < pattern.count && best != NULL && !holds; from++) {
    holds = match_from(&pattern, from, string, false, best) >= least;
  }
  free(best);
  return holds;
}

/* --- Sets of short pieces of text, so that few pairs are compared in full --- */

static uint32_t gram_hash(const char *at) {
  uint32_t sum = 2166136261U;
  for (int n = 0; n < GRAM; n++) {
    sum = (sum ^ (uint8_t)at[n]) * 16777619U;
  }
  return sum % BLOOM_BITS;
}

struct bloom {
  uint8_t bits[BLOOM_BITS / 8];
};

static void bloom_fill(struct bloom *bloom, const char *text) {
  for (; strlen(text) >= GRAM; text++) {
    bloom->bits[gram_hash(text) / 8] |= (uint8_t)(1U << gram_hash(text) % 8);
  }
}

static bool bloom_meets(const struct bloom *bloom, const char *text) {
  for (; strlen(text) >= GRAM; text++) {
    if ((bloom->bits[gram_hash(text) / 8] >> gram_hash(text) % 8 & 1) != 0) {
      return true;
    }
  }
  return false;
}

/* --- The files --- */

struct covering {
  struct inventory *inventory;
  struct bloom *blooms;
  bool whole;
};

static void cover_text(const struct covering *covering, const char *text) {
  for (int n = 0; n < covering->inventory->count; n++) {
    struct entry *entry = &covering->inventory->entries[n];
    if (!entry->covered && bloom_meets(&covering->blooms[n], text)) {
      entry->covered =
          covering->whole ? cover_says(entry->text, text) : cover_holds(entry->text, text);
    }
  }
}

static bool cover_said(const struct covering *covering, const char *path) {
  char line[LEX_TEXT_BYTES];
  FILE *said = fopen(path, "r");
  while (said != NULL && fgets(line, sizeof line, said) != NULL) {
    line[strcspn(line, "\n")] = '\0';
    cover_text(covering, line);
  }
  if (said == NULL) {
    (void)fprintf(stderr, "%s cannot be read.\n", path);
    return false;
  }
  return fclose(said) == 0;
}

/* Every string of a test, adjacent ones joined. */
static bool cover_test(const struct covering *covering, const char *path) {
  struct lex_file file;
  if (!lex_open(path, &file)) {
    (void)fprintf(stderr, "%s cannot be read.\n", path);
    return false;
  }
  for (const char *at = file.text; *at != '\0';) {
    char text[LEX_TEXT_BYTES], more[LEX_TEXT_BYTES];
    if (*at != '"' && !(*at == '\'' && file.script)) {
      at++;
      continue;
    }
    at = lex_literal(&file, at, text);
    const char *next = at + strspn(at, " \n");
    while (!file.script && *next == '"') {
      at = lex_literal(&file, next, more);
      strncat(text, more, sizeof text - strlen(text) - 1);
      next = at + strspn(at, " \n");
    }
    if (strlen(text) >= COVER_LEAST) {
      cover_text(covering, text);
    }
  }
  lex_close(&file);
  return true;
}

static bool cover_tests(const struct covering *covering, const char *names) {
  char line[LEX_TEXT_BYTES];
  FILE *list = fopen(names, "r");
  bool good = list != NULL;
  while (good && fgets(line, sizeof line, list) != NULL) {
    line[strcspn(line, "\n")] = '\0';
    good = cover_test(covering, line);
  }
  if (list != NULL) {
    (void)fclose(list);
  }
  return good;
}

/* One line of the floors. */
static bool room_holds(const struct inventory *inventory, const char *files, int floor) {
  int count = 0, covered = 0;
  for (int n = 0; n < inventory->count; n++) {
    const struct entry *entry = &inventory->entries[n];
    if (strncmp(entry->file, files, strlen(files)) == 0 && !form_of_memory(entry->text)) {
      count++;
      covered += entry->covered;
    }
  }
  const int percent = count == 0 ? 0 : 100 * covered / count;
  const bool good = count > 0 && percent >= floor;
  printf("%-14s %4d of %4d sentences provoked, %3d %%, floor %3d %%%s\n", files, covered, count,
         percent, floor, good ? "" : "  BELOW ITS FLOOR");
  return good;
}

int cover(struct inventory *inventory, const char *said, const char *tests, const char *floors) {
  struct covering covering = {inventory, calloc((size_t)inventory->count + 1, sizeof(struct bloom)),
                              true};
  char line[FIELD_BYTES], files[FIELD_BYTES];
  for (int n = 0; n < inventory->count && covering.blooms != NULL; n++) {
    bloom_fill(&covering.blooms[n], inventory->entries[n].text);
  }
  bool good = covering.blooms != NULL && cover_said(&covering, said);
  covering.whole = false;
  good = good && cover_tests(&covering, tests);
  free(covering.blooms);
  FILE *table = fopen(floors, "r");
  if (!good || table == NULL) {
    return 2;
  }
  for (int n = 0; n < inventory->count; n++) {
    const struct entry *entry = &inventory->entries[n];
    if (!entry->covered && !form_of_memory(entry->text)) {
      printf("not provoked: %s:%d: \"%s\"\n", entry->file, entry->line, entry->text);
    }
  }
  bool held = true;
  while (fgets(line, sizeof line, table) != NULL) {
    int floor = 0;
    if (sscanf(line, "%199s | %d", files, &floor) == 2) {
      held = room_holds(inventory, files, floor) && held;
    }
  }
  (void)fclose(table);
  return held ? 0 : 1;
}
