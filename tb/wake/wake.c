/* SPDX-License-Identifier: Apache-2.0 */
/* wake: rewrites Verilator's C++ files of a chip so that logic runs when it has a reason to.
 *
 *   wake FOLDER RATES           the folder of a translated model, after tb/share/merge.sh, and the
 *                               file of rates (tb/wake/rates.txt); says how many statements sleep
 *   wake FOLDER RATES count     the same, and the model counts how often its variables change
 *
 * Fails closed: a model whose order of calls is not recognised, or of which fewer than WAKE_LEAST
 * of 100 statements would sleep, was not written by the Verilator that is known here. Exit 0, or 1
 * with one sentence that names the way out: a plain build. */
#include "wake.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void wake_fail(const char *format, ...) {
  va_list values;
  va_start(values, format);
  (void)fputs("wake: ", stderr);
  (void)vfprintf(stderr, format, values);
  (void)fputs(" (make PLAIN=1 builds chips without tb/share and tb/wake)\n", stderr);
  va_end(values);
  exit(EXIT_FAILURE);
}

void *wake_grow(void *data, size_t count, size_t size) {
  void *grown = realloc(data, count * size + 1);
  if (grown == NULL) {
    wake_fail("no memory for %zu bytes", count * size);
  }
  return grown;
}

void text_put(struct wake_text *text, const char *data, size_t length) {
  if (text->length + length + 1 > text->room) {
    text->room = 2 * (text->length + length + 1);
    text->data = wake_grow(text->data, text->room, 1);
  }
  memcpy(text->data + text->length, data, length);
  text->length += length;
  text->data[text->length] = '\0';
}

void text_add(struct wake_text *text, const char *format, ...) {
  char small[512];
  va_list values;
  va_start(values, format);
  const int length = vsnprintf(small, sizeof small, format, values);
  va_end(values);
  if (length < (int)sizeof small) {
    text_put(text, small, (size_t)length);
    return;
  }
  char *large = wake_grow(NULL, (size_t)length + 1, 1);
  va_start(values, format);
  (void)vsnprintf(large, (size_t)length + 1, format, values);
  va_end(values);
  text_put(text, large, (size_t)length);
  free(large);
}

void list_add(struct wake_list *list, int value) {
  if (list->count == list->room) {
    list->room = list->room == 0 ? 8 : 2 * list->room;
    list->at = wake_grow(list->at, (size_t)list->room, sizeof *list->at);
  }
  list->at[list->count++] = value;
}

void list_free(struct wake_list *list) {
  free(list->at);
  *list = (struct wake_list){0};
}

bool list_has(const struct wake_list *list, int value) {
  for (int n = 0; n < list->count; n++) {
    if (list->at[n] == value) {
      return true;
    }
  }
  return false;
}

char *word_copy(const char *from, size_t length) {
  char *word = wake_grow(NULL, length + 1, 1);
  memcpy(word, from, length);
  word[length] = '\0';
  return word;
}

/* FNV-1a (Fowler, Noll, Vo). */
static size_t place_of(const struct wake_table *table, const char *word) {
  uint64_t hash = 14695981039346656037u;
  for (const char *c = word; *c != '\0'; c++) {
    hash = (hash ^ (unsigned char)*c) * 1099511628211u;
  }
  size_t place = hash % (size_t)table->room;
  while (table->words[place] != NULL && strcmp(table->words[place], word) != 0) {
    place = (place + 1) % (size_t)table->room;
  }
  return place;
}

int table_get(const struct wake_table *table, const char *word) {
  if (table->room == 0) {
    return -1;
  }
  const size_t place = place_of(table, word);
  return table->words[place] == NULL ? -1 : table->values[place];
}

void table_set(struct wake_table *table, const char *word, int value) {
  if (2 * (table->count + 1) > table->room) {
    struct wake_table old = *table;
    table->room = old.room == 0 ? 256 : 4 * old.room;
    table->words = calloc((size_t)table->room, sizeof *table->words);
    table->values = calloc((size_t)table->room, sizeof *table->values);
    if (table->words == NULL || table->values == NULL) {
      wake_fail("no memory for a table of %d", table->room);
    }
    for (int n = 0; n < old.room; n++) {
      if (old.words[n] != NULL) {
        const size_t place = place_of(table, old.words[n]);
        table->words[place] = old.words[n];
        table->values[place] = old.values[n];
      }
    }
    free(old.words);
    free(old.values);
  }
  const size_t place = place_of(table, word);
  if (table->words[place] == NULL) {
    table->words[place] = word_copy(word, strlen(word));
    table->count++;
  }
  table->values[place] = value;
}

/* What is made of inputs of the chip alone is also written when they change, outside a cycle. */
static void note_inputs_region(struct model *model) {
  for (int n = 0; n < model->function_count; n++) {
    if (strstr(model->functions[n].name, "___ico_sequent__") == NULL) {
      continue;
    }
    const size_t length = strlen(model->sides[WAKE_CORE].class_name);
    const bool core =
        strncmp(model->functions[n].name, model->sides[WAKE_CORE].class_name, length) == 0;
    struct side *side = &model->sides[core ? WAKE_CORE : WAKE_ROOT];
    struct statement *statements = NULL;
    int count = 0;
    statements_cut(model, side, n, &statements, &count);
    for (int s = 0; s < count; s++) {
      statement_analyse(model, side, &statements[s]);
      writers_add(model, side, &statements[s], WAKE_INPUTS_REGION);
    }
    free(statements);
  }
}

/* The statements of a side's segments, as nodes in clusters; the number of those that sleep. */
static int plan_side(struct model *model, struct side *side, int *total) {
  int asleep = 0;
  for (int n = 0; n < model->segment_count; n++) {
    struct wake_segment *segment = &model->segments[n];
    if (segment->side != side->side) {
      continue;
    }
    for (int f = 0; f < segment->functions.count; f++) {
      statements_cut(model, side, segment->functions.at[f], &segment->statements,
                     &segment->statement_count);
    }
    for (int s = 0; s < segment->statement_count; s++) {
      statement_analyse(model, side, &segment->statements[s]);
      writers_add(model, side, &segment->statements[s], 1u << n);
    }
    nodes_make(model, side, segment);
    clusters_make(model, side, n);
    *total += segment->statement_count;
  }
  for (int n = 0; n < side->cluster_count; n++) {
    const struct cluster *cluster = &side->clusters[n];
    for (int k = 0; !cluster->awake && k < cluster->nodes.count; k++) {
      asleep += model->segments[cluster->segment].nodes[cluster->nodes.at[k]].statements.count;
    }
  }
  return asleep;
}

int main(int argc, char **argv) {
  static struct model model;
  if (argc < 3 || argc > 4 || (argc == 4 && strcmp(argv[3], "count") != 0)) {
    wake_fail("wants the folder of a translated model, a file of rates, and perhaps `count`");
  }
  model.count = argc == 4;
  rates_read(&model, argv[2]);
  if (!model_read(&model, argv[1])) {
    wake_fail("%s has cores that do not share their code, or an order of calls that is not known",
              argv[1]);
  }
  int total = 0;
  int asleep = 0;
  note_inputs_region(&model);
  for (int n = 0; n < WAKE_SIDES; n++) {
    asleep += plan_side(&model, &model.sides[n], &total);
  }
  if (!model.count && (total == 0 || asleep * 100 < total * WAKE_LEAST)) {
    wake_fail("%s: %d of %d statements would sleep, and %d of 100 are expected at least", argv[1],
              asleep, total, WAKE_LEAST);
  }
  for (int n = 0; n < WAKE_SIDES; n++) {
    clusters_connect(&model.sides[n]);
  }
  for (int n = 0; n < model.segment_count; n++) {
    emit_segment(&model, &model.sides[model.segments[n].side], n);
  }
  emit_model(&model);
  printf("%-7s %d of %d statements sleep until something they read changes\n", "WAKE", asleep,
         total);
  return EXIT_SUCCESS;
}
