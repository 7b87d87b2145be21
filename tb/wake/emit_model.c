/* SPDX-License-Identifier: Apache-2.0 */
/* emit_model.c: the files of a model with the new functions in place of the old ones. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "wake.h"

static void write_file(const char *path, const struct wake_text *text) {
  FILE *file = fopen(path, "wb");
  if (file == NULL || fwrite(text->data, 1, text->length, file) != text->length ||
      fclose(file) != 0) {
    wake_fail("cannot write %s", path);
  }
}

/* The settling of a model at its start calls some of the functions too. */
static bool called_elsewhere(const struct model *model, const char *name) {
  struct wake_text call = {0};
  text_add(&call, "%s(", name);
  bool called = false;
  for (int n = 0; n < model->file_count; n++) {
    called = called || (strstr(model->files[n].name, "__Slow") != NULL &&
                        strstr(model->files[n].text.data, call.data) != NULL);
  }
  free(call.data);
  return called;
}

/* Replaces what is between two places of a file; functions are looked up again after it. */
static void replace(struct file *file, size_t begin, size_t end, const struct wake_text *by) {
  struct wake_text out = {0};
  text_put(&out, file->text.data, begin);
  text_put(&out, by->data == NULL ? "" : by->data, by->length);
  text_put(&out, file->text.data + end, file->text.length - end);
  free(file->text.data);
  file->text = out;
}

/* Begin and end of a definition as the file is now. */
static struct file *locate(const struct model *model, int function, size_t *begin, size_t *end) {
  const struct function *f = &model->functions[function];
  struct file *file = &model->files[f->file];
  struct wake_text line = {0};
  text_add(&line, "void %s(", f->name);
  const char *at = file->text.data;
  while ((at = strstr(at, line.data)) != NULL && strchr(at, '\n')[-1] != '{') {
    at++;
  }
  if (at == NULL) {
    wake_fail("function %s is gone", f->name);
  }
  while (at > file->text.data && at[-1] != '\n') {
    at--;
  }
  *begin = (size_t)(at - file->text.data);
  *end = (size_t)(strstr(at, "\n}\n") + 3 - file->text.data);
  free(line.data);
  return file;
}

static void drop_functions(struct model *model) {
  const struct wake_text nothing = {0};
  for (int n = 0; n < model->segment_count; n++) {
    const struct wake_list *functions = &model->segments[n].functions;
    for (int k = 0; k < functions->count; k++) {
      size_t begin;
      size_t end;
      if (!called_elsewhere(model, model->functions[functions->at[k]].name)) {
        struct file *file = locate(model, functions->at[k], &begin, &end);
        replace(file, begin, end, &nothing);
      }
    }
  }
}

/* The calls of the old functions become those of the new ones. */
static void rewrite_evaluation(struct model *model) {
  size_t begin;
  size_t end;
  struct file *file = locate(model, model->evaluation, &begin, &end);
  struct wake_text out = {0};
  bool done = false;
  text_put(&out, model->declarations.data, model->declarations.length);
  for (const char *line = file->text.data + begin; line < file->text.data + end;) {
    const char *next = strchr(line, '\n') + 1;
    const char *call = strstr(line, "_sequent__");
    if (call == NULL || call > next) {
      text_put(&out, line, (size_t)(next - line));
    } else if (!done) {
      text_put(&out, model->calls.data, model->calls.length);
      done = true;
    }
    line = next;
  }
  replace(file, begin, end, &out);
  free(out.data);
}

/* What depends on inputs of the chip alone is evaluated when one of them has changed. */
static void rewrite_inputs(struct model *model) {
  size_t begin;
  size_t end;
  struct file *file = locate(model, model->inputs_evaluation, &begin, &end);
  struct wake_text out = {0};
  for (int n = 0; n < WAKE_SIDES; n++) {
    text_add(&out, "void %s___wake_inputs(%s* vlSelf);\n", model->sides[n].class_name,
             model->sides[n].class_name);
  }
  const char *body = strstr(file->text.data + begin, "    // Body\n");
  text_put(&out, file->text.data + begin, (size_t)(body - file->text.data) - begin);
  text_add(&out, "    bool changed = vlSelf->__Vwake_start;\n");
  const char *name = model->inputs.data;
  for (size_t length; *name != '\0'; name += length + 1) {
    length = strcspn(name, " ");
    text_add(&out, "    changed |= trine_changed(vlSelf->__Vinput_%.*s, vlSelf->%.*s);\n",
             (int)length, name, (int)length, name);
  }
  text_add(&out, "    if (VL_LIKELY(!changed)) return;\n");
  text_put(&out, body, (size_t)(file->text.data + end - body) - 2);
  text_add(&out, "    %s___wake_inputs(vlSelf);\n", model->sides[WAKE_ROOT].class_name);
  for (int n = 0; n < model->object_count; n++) {
    text_add(&out, "    %s___wake_inputs(&vlSymsp->%s);\n", model->sides[WAKE_CORE].class_name,
             model->objects[n]);
  }
  text_add(&out, "}\n");
  replace(file, begin, end, &out);
  free(out.data);
}

/* Tables of constants, whose declarations stand where they were used. */
static void collect_externals(struct model *model) {
  for (int n = 0; n < model->file_count; n++) {
    const char *line = model->files[n].text.data;
    while ((line = strstr(line, "\nextern const ")) != NULL) {
      const size_t length = strcspn(line + 1, "\n") + 1;
      text_put(&model->externals, line, length);
      line += length;
    }
  }
}

static void add_functions(struct model *model, struct side *side) {
  int first = 0;
  while (model->segments[first].side != side->side) {
    first++;
  }
  const int function = model->segments[first].functions.at[0];
  struct wake_text *text = &model->files[model->functions[function].file].text;
  text_put(text, model->externals.data == NULL ? "" : model->externals.data,
           model->externals.length);
  text_add(text, "\n");
  text_put(text, side->functions.data, side->functions.length);
  text_add(text, "void %s___wake_inputs(%s* vlSelf) {\n", side->class_name, side->class_name);
  text_add(text, "    %s__Syms* const __restrict vlSymsp VL_ATTR_UNUSED = vlSelf->vlSymsp;\n",
           model->prefix);
  text_add(text, "    if (vlSelf->__Vwake_start) {\n        vlSelf->__Vwake_start = false;\n");
  text_put(text, side->start.data == NULL ? "" : side->start.data, side->start.length);
  text_add(text, "    }\n");
  text_put(text, side->inputs_marks.data == NULL ? "" : side->inputs_marks.data,
           side->inputs_marks.length);
  text_add(text, "}\n");
}

/* All are awake at first. */
static void add_members(struct model *model, struct side *side) {
  struct wake_text path = {0};
  text_add(&path, "%s/%s.h", model->folder, side->class_name);
  struct file header = {.name = path.data, .text = file_read(path.data)};
  const char *place = strstr(header.text.data, "    // INTERNAL VARIABLES\n");
  if (place == NULL) {
    wake_fail("%s has no place for variables", path.data);
  }
  const size_t at = (size_t)(place - header.text.data);
  struct wake_text *members = &side->members;
  text_add(members, "    bool __Vwake_start = true;\n    uint32_t __Vwake[%d] = {",
           side->bits / 32 + 1);
  for (int n = 0; n <= side->bits / 32; n++) {
    text_add(members, "~0U, ");
  }
  text_add(members, "};\n");
  const char *name = side->side == WAKE_ROOT ? model->inputs.data : "";
  for (size_t length; *name != '\0'; name += length + 1) {
    char input[512];
    length = strcspn(name, " ");
    (void)snprintf(input, sizeof input, "%.*s", (int)length, name);
    text_add(members, "    %s __Vinput_%s{};\n", model->types[table_get(&side->types, input)],
             input);
  }
  replace(&header, at, at, members);
  write_file(path.data, &header.text);
  free(header.text.data);
  free(path.data);
}

/* The first core and what is around the cores count, in every cycle, what has changed. */
static void add_counting(struct model *model, struct side *side) {
  const char *object = side->side == WAKE_CORE ? model->objects[0] : "TOP";
  struct wake_text name = {0};
  text_add(&name, "%s___wake_count", side->class_name);
  text_add(&model->declarations, "void %s(%s* vlSelf);\n", name.data, side->class_name);
  text_add(&model->calls, "        %s(&vlSymsp->%s);\n", name.data, object);
  text_add(&side->functions, "void %s(%s* vlSelf) {\n", name.data, side->class_name);
  text_add(&side->functions,
           "    %s__Syms* const __restrict vlSymsp VL_ATTR_UNUSED = vlSelf->vlSymsp;\n",
           model->prefix);
  for (int n = 0; n < side->count; n++) {
    const struct variable *v = &side->variables[n];
    if (!v->local && v->type >= 0) {
      text_add(
          &side->functions,
          "    { static trine_rate<std::decay_t<decltype(%s)>> rate(\"%s\"); rate.look(%s); }\n",
          v->expression, v->base, v->expression);
    }
  }
  text_add(&side->functions, "}\n");
  free(name.data);
}

void emit_model(struct model *model) {
  for (int n = 0; n < WAKE_SIDES && model->count; n++) {
    add_counting(model, &model->sides[n]);
  }
  collect_externals(model);
  drop_functions(model);
  rewrite_evaluation(model);
  rewrite_inputs(model);
  for (int n = 0; n < WAKE_SIDES; n++) {
    add_functions(model, &model->sides[n]);
    add_members(model, &model->sides[n]);
  }
  for (int n = 0; n < model->file_count; n++) {
    struct wake_text text = {0};
    if (strstr(model->files[n].text.data, "___wake_") != NULL) {
      text_add(&text, "#include \"%s__Syms.h\"\n", model->prefix);
    }
    text_put(&text, model->files[n].text.data, model->files[n].text.length);
    write_file(model->files[n].name, &text);
    free(text.data);
  }
}
