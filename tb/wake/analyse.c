/* SPDX-License-Identifier: Apache-2.0 */
/* analyse.c: which variables a text of C++ reads, as they were before it, and which it writes.
 *
 * A variable that has been given a value on every way to the place where it is read is not read
 * from before. Ways join only at the end of a block, where what was given in it is forgotten. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "wake.h"

/* What is to be put back at the end of a block. */
struct undo {
  int variable;
  bool assigned;
  uint64_t mask;
};

struct text_walk {
  struct model *model;
  struct side *side;
  struct statement *statement;
  struct undo *undo;
  size_t undone;
  struct wake_list blocks; /* length of undo at their beginning */
};

static void add_once(struct wake_list *list, int value) {
  if (!list_has(list, value)) {
    list_add(list, value);
  }
}

static void give(struct text_walk *walk, int number, bool assigned, uint64_t mask) {
  struct variable *v = &walk->side->variables[number];
  walk->undo = wake_grow(walk->undo, walk->undone + 1, sizeof *walk->undo);
  walk->undo[walk->undone++] = (struct undo){number, v->assigned, v->mask};
  v->assigned = v->assigned || assigned;
  v->mask |= mask;
}

static void back_to(struct text_walk *walk, size_t length) {
  while (walk->undone > length) {
    const struct undo *undo = &walk->undo[--walk->undone];
    walk->side->variables[undo->variable].assigned = undo->assigned;
    walk->side->variables[undo->variable].mask = undo->mask;
  }
}

/* The number in "[3U]", or -1. */
static long constant_index(const char *at, const char *end) {
  at += strspn(at, " \n");
  if (at >= end || *at != '[' || !isdigit((unsigned char)at[1])) {
    return -1;
  }
  char *close;
  const long index = strtol(at + 1, &close, 0);
  return strncmp(close, "U]", 2) == 0 && index < 64 ? index : -1;
}

static void read_in(struct text_walk *walk, const char *from, const char *end) {
  int number;
  while (reference_next(walk->model, walk->side, &from, end, &number)) {
    const struct variable *v = &walk->side->variables[number];
    const long word = constant_index(from, end);
    walk->statement->cost++;
    if (!v->assigned && (word < 0 || (v->mask >> word & 1) == 0)) {
      add_once(&walk->statement->reads, number);
    }
  }
}

/* Behind the indices of an element; *index is where they begin. */
static const char *behind_index(const char *at, const char *end) {
  for (;;) {
    const char *next = at + strspn(at, " \n");
    const bool checked = strncmp(next, ".at(", 4) == 0;
    if (next >= end || (*next != '[' && !checked)) {
      return at;
    }
    int depth = 0;
    for (at = next + (checked ? 3 : 0);; at++) {
      depth += (*at == '[' || *at == '(') - (*at == ']' || *at == ')');
      if (depth == 0) {
        break;
      }
    }
    at++;
  }
}

static void written(struct text_walk *walk, int number, const char *index, const char *behind) {
  const struct variable *v = &walk->side->variables[number];
  walk->statement->cost++;
  add_once(&walk->statement->writes, number);
  if (behind == index) {
    give(walk, number, true, 0);
    return;
  }
  if (v->array) {
    add_once(&walk->statement->arrays, number);
  }
  const long word = constant_index(index, behind);
  if (word >= 0 && v->words > 0 && !v->array) {
    const uint64_t mask = v->mask | (uint64_t)1 << word;
    const uint64_t all = v->words >= 64 ? UINT64_MAX : ((uint64_t)1 << v->words) - 1;
    give(walk, number, mask == all && v->words <= 64, mask);
  }
}

/* Calls of Verilator's library that give a wide result, VL_NAME_W*(), write it to the first
 * argument that is a variable; VL_ASSIGNSEL_*(bits, bits, low, destination, value) to the fourth.
 * NULL for everything else; a call that is not known might write too, so it ends the program. */
const char *destination_of(const char *from, const char *end) {
  if (strncmp(from, "VL_", 3) != 0 || strncmp(from, "VL_WRITEF(", 10) == 0 ||
      strncmp(from, "VL_STOP_MT(", 11) == 0) {
    return NULL;
  }
  const bool part = strncmp(from, "VL_ASSIGNSEL_", 13) == 0;
  const char *open = strchr(from, '(');
  const char *result = strchr(from + 3, '_');
  int argument = 0;
  int depth = 0;
  for (const char *c = open; c < end && result != NULL && (part || result[1] == 'W'); c++) {
    depth += (*c == '[' || *c == '(') - (*c == ']' || *c == ')');
    if (depth != 1 || (*c != ',' && *c != '(')) {
      continue;
    }
    const char *begin = c + 1 + strspn(c + 1, " \n");
    if (part ? argument == 3 : isalpha((unsigned char)*begin) || *begin == '_') {
      return begin;
    }
    argument++;
  }
  wake_fail("what %.*s() writes is not known", (int)(open - from), from);
}

/* An assignment inside an expression, or one that is not a plain `=`, would be taken for a read: no
 * such thing was written by the Verilator that is known here. */
static void refuse_hidden_writes(const char *from, const char *end) {
  for (const char *c = from; c < end; c++) {
    if (*c == '"') {
      for (c++; *c != '"'; c += 1 + (*c == '\\')) {
      }
    }
    const char before = c > from ? c[-1] : ' ';
    const bool compares = c[0] == '=' && c[1] == '=';
    const bool shifts = c > from + 1 && (before == '<' || before == '>') && c[-2] == before;
    const bool assigns =
        c[0] == '=' && !compares && (strchr("!<>", before) == NULL || before == '\0' || shifts);
    if (assigns || ((c[0] == '+' || c[0] == '-') && c[1] == c[0])) {
      const size_t line = strcspn(from, "\n"), whole = (size_t)(end - from);
      const size_t shown = whole < line ? whole : line;
      wake_fail("what %.*s writes is not known", (int)(shown > 80 ? 80 : shown), from);
    }
    c += compares;
  }
}

static void fragment(struct text_walk *walk, const char *from, const char *end) {
  from += strspn(from, " \n");
  const char *first = destination_of(from, end);
  const char *start = first == NULL ? from : first;
  const char *behind = start;
  int number;
  if (!reference_next(walk->model, walk->side, &behind, end, &number) ||
      strncmp(walk->side->variables[number].expression, start,
              strlen(walk->side->variables[number].expression)) != 0) {
    refuse_hidden_writes(from, end);
    read_in(walk, from, end);
    return;
  }
  const char *index = behind;
  behind = behind_index(index, end);
  const char *equals = behind + strspn(behind, " \n");
  if (first != NULL) {
    refuse_hidden_writes(from, end);
    read_in(walk, from, first);
    read_in(walk, index, end);
    add_once(&walk->statement->writes, number);
    if (walk->side->variables[number].array) {
      add_once(&walk->statement->arrays, number);
    }
  } else if (equals < end && equals[0] == '=' && equals[1] != '=') {
    refuse_hidden_writes(from, equals);
    refuse_hidden_writes(equals + 1, end);
    read_in(walk, equals, end);
    read_in(walk, index, behind);
    written(walk, number, index, behind);
  } else {
    refuse_hidden_writes(from, end);
    read_in(walk, from, end);
  }
}

void statement_analyse(struct model *model, struct side *side, struct statement *statement) {
  struct text_walk walk = {.model = model, .side = side, .statement = statement};
  statement->always = strstr(statement->text, "__Vdpiimwrap_") != NULL;
  const char *from = statement->text;
  int depth = 0;
  for (const char *c = from; *c != '\0'; c++) {
    if (*c == '"') {
      for (c++; *c != '"'; c += 1 + (*c == '\\')) {
      }
    }
    depth += (*c == '(') - (*c == ')');
    if (depth > 0 || (*c != ';' && *c != '{' && *c != '}')) {
      continue;
    }
    fragment(&walk, from, c);
    from = c + 1;
    if (*c == '{') {
      list_add(&walk.blocks, (int)walk.undone);
    } else if (*c == '}' && walk.blocks.count > 0) {
      back_to(&walk, (size_t)walk.blocks.at[--walk.blocks.count]);
    }
  }
  back_to(&walk, 0);
  free(walk.undo);
  list_free(&walk.blocks);
}
