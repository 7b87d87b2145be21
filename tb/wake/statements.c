/* SPDX-License-Identifier: Apache-2.0 */
/* statements.c: the body of a function as statements, and the variables that are named in them.
 *
 * Only what Verilator 5.006 writes is understood: members of the object (vlSelf->x) and of others
 * (vlSymsp->TOP.x), locals declared at the head of a function, assignments to them, to their
 * elements and words, if and else, and calls of its library, of which those
 * with a wide result write. Everything else in a statement counts as read. */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "wake.h"

static bool in_word(char c) {
  return isalnum((unsigned char)c) != 0 || c == '_';
}

/* The rate of a name without its numbers: a lane, a gate or a core is like another. */
static int percent_of(const struct model *model, const char *base) {
  char plain[512];
  size_t length = 0;
  for (const char *c = base; *c != '\0' && length + 1 < sizeof plain; c++) {
    if (!isdigit((unsigned char)*c)) {
      plain[length++] = *c;
    } else if (length == 0 || plain[length - 1] != '#') {
      plain[length++] = '#';
    }
  }
  plain[length] = '\0';
  const int percent = table_get(&model->rates, plain);
  return percent < 0 ? 0 : percent;
}

int variable_number(struct model *model, struct side *side, const char *text, size_t length) {
  char *expression = word_copy(text, length);
  const int known = table_get(&side->numbers, expression);
  if (known >= 0) {
    free(expression);
    return known;
  }
  if (side->count == side->room) {
    side->room = side->room == 0 ? 1024 : 2 * side->room;
    side->variables = wake_grow(side->variables, (size_t)side->room, sizeof *side->variables);
  }
  struct variable *v = &side->variables[side->count];
  *v = (struct variable){.expression = expression, .type = -1, .last_writer = -1};
  const char *dot = strrchr(expression, '.');
  v->local = strncmp(expression, "vlS", 3) != 0;
  if (dot != NULL) {
    v->base = dot + 1;
  } else if (v->local) {
    v->base = expression;
  } else {
    v->base = strrchr(expression, '>') + 1;
  }
  v->percent = percent_of(model, v->base);
  if (!v->local) {
    const int type = table_get(&model->sides[variable_owner(side, v)].types, v->base);
    v->array = type == -2;
    v->type = type < 0 ? -1 : type;
    if (type >= 0) {
      (void)sscanf(model->types[type], "VlWide<%d>", &v->words);
    }
  }
  table_set(&side->numbers, expression, side->count);
  return side->count++;
}

enum wake_side variable_owner(const struct side *side, const struct variable *variable) {
  if (strncmp(variable->expression, "vlSymsp->TOP", 12) != 0) {
    return side->side;
  }
  return variable->expression[12] == '.' ? WAKE_ROOT : WAKE_CORE;
}

unsigned writers_of(const struct model *model, const struct side *side, const struct variable *v) {
  char key[600];
  (void)snprintf(key, sizeof key, "%d:%s", variable_owner(side, v), v->base);
  const int bits = table_get(&model->writers, key);
  return bits < 0 ? 0 : (unsigned)bits;
}

void writers_add(struct model *model, struct side *side, const struct statement *statement,
                 unsigned bits) {
  for (int n = 0; n < statement->writes.count; n++) {
    const struct variable *v = &side->variables[statement->writes.at[n]];
    char key[600];
    (void)snprintf(key, sizeof key, "%d:%s", variable_owner(side, v), v->base);
    table_set(&model->writers, key, (int)(writers_of(model, side, v) | bits));
  }
}

/* The next variable at or behind *at; *at is then behind its name. */
bool reference_next(struct model *model, struct side *side, const char **at, const char *end,
                    int *variable) {
  const char *c = *at;
  while (c < end) {
    if (!in_word(*c)) {
      c += *c == '"' ? strcspn(c + 1, "\"") + 2 : 1;
      continue;
    }
    const char *begin = c;
    while (c < end && in_word(*c)) {
      c++;
    }
    const bool member = c - begin == 6 && strncmp(begin, "vlSelf->", 8) == 0;
    const bool other = c - begin == 7 && strncmp(begin, "vlSymsp->TOP", 12) == 0;
    const char *mark = NULL;
    if (member || other) {
      for (c += 2; in_word(*c) || (other && *c == '.'); c++) {
      }
      const bool call = *c == '(';
      if (call || (member && strncmp(begin, "vlSelf->__Vm_traceActivity", 26) == 0)) {
        continue;
      }
    } else {
      for (mark = c; mark > begin && isdigit((unsigned char)mark[-1]); mark--) {
      }
      if (mark == c || mark - begin < 4 || strncmp(mark - 3, "__L", 3) != 0) {
        continue;
      }
    }
    *variable = variable_number(model, side, begin, (size_t)(c - begin));
    *at = c;
    return true;
  }
  *at = end;
  return false;
}

/* Where a body's statements begin; the locals declared before it are put into `locals`. */
static const char *head_of(const struct model *model, int function, struct wake_text *locals) {
  const struct function *f = &model->functions[function];
  const char *line = model->files[f->file].text.data + f->body;
  const char *body = strstr(line, "    // Body\n");
  if (body == NULL || body >= model->files[f->file].text.data + f->end) {
    wake_fail("where the statements of %s begin is not known", f->name);
  }
  for (; line < body; line = strchr(line, '\n') + 1) {
    const char *type = line + strspn(line, " ");
    const char *close = strstr(type, "*/ ");
    if (strstr(type, "/*") != NULL && close != NULL && close < strchr(type, '\n')) {
      text_put(locals, type, (size_t)(strchr(type, '\n') - type));
      text_put(locals, "\n", 1);
    }
  }
  return body + strlen("    // Body\n");
}

/* A statement's text, its function's locals under names of their own, declared in front of it. */
static char *with_locals(const struct model *model, const char *from, const char *to,
                         const struct wake_text *locals) {
  struct wake_text out = {0};
  for (const char *c = from; c < to;) {
    const char *begin = c;
    while (c < to && in_word(*c)) {
      c++;
    }
    if (c == begin) {
      text_put(&out, c++, 1);
      continue;
    }
    text_put(&out, begin, (size_t)(c - begin));
    if (locals->length > 0 && (begin == from || (begin[-1] != '>' && begin[-1] != '.'))) {
      char name[600];
      (void)snprintf(name, sizeof name, "*/ %.*s;", (int)(c - begin), begin);
      if (strstr(locals->data, name) != NULL) {
        text_add(&out, "__L%d", model->serial);
      }
    }
  }
  text_put(&out, "", 0);
  return out.data;
}

static void add_statement(struct statement **out, int *count, char *text) {
  *out = wake_grow(*out, (size_t)*count + 1, sizeof **out);
  (*out)[(*count)++] = (struct statement){.text = text};
}

/* Every local is a variable of its own for a function: its declaration is kept by its name. */
static void keep_locals(struct model *model, struct side *side, const struct wake_text *locals) {
  for (const char *line = locals->data; line != NULL && *line != '\0';
       line = strchr(line, '\n') + 1) {
    const char *name = strstr(line, "*/ ") + 3;
    struct wake_text unique = {0};
    text_add(&unique, "%.*s__L%d", (int)strcspn(name, ";"), name, model->serial);
    /* The variables may move when there is a new one. */
    const int number = variable_number(model, side, unique.data, unique.length);
    struct variable *v = &side->variables[number];
    if (sscanf(line, "VlWide<%d>", &v->words) != 1) {
      v->words = 0;
    }
    model->types = wake_grow(model->types, (size_t)model->type_count + 1, sizeof *model->types);
    struct wake_text type = {0};
    text_put(&type, line, strcspn(line, "/"));
    v->type = model->type_count;
    model->types[model->type_count++] = type.data;
    free(unique.data);
  }
}

void statements_cut(struct model *model, struct side *side, int function, struct statement **out,
                    int *count) {
  const struct function *f = &model->functions[function];
  struct wake_text locals = {0};
  const char *from = head_of(model, function, &locals);
  const char *end = model->files[f->file].text.data + f->end - 2;
  model->serial++;
  keep_locals(model, side, &locals);
  int braces = 0;
  int brackets = 0;
  for (const char *c = from; c < end; c++) {
    if (*c == '"') {
      for (c++; *c != '"'; c += 1 + (*c == '\\')) {
      }
    }
    brackets += (*c == '(') - (*c == ')');
    braces += (*c == '{') - (*c == '}');
    const char *next = c + 1 + strspn(c + 1, " \n");
    if (braces == 0 && brackets == 0 &&
        (*c == ';' || (*c == '}' && strncmp(next, "else", 4) != 0))) {
      add_statement(out, count, with_locals(model, from, c + 1, &locals));
      from = c + 1;
    }
  }
  if (from + strspn(from, " \n") < end) {
    wake_fail("where the last statement of %s ends is not known", f->name);
  }
  free(locals.data);
}
