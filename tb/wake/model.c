/* SPDX-License-Identifier: Apache-2.0 */
/* model.c: the files of a translated model, its functions, members and the order of its calls. */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "wake.h"

struct wake_text file_read(const char *path) {
  FILE *file = fopen(path, "rb");
  if (file == NULL) {
    wake_fail("cannot read %s", path);
  }
  struct wake_text text = {0};
  char block[65536];
  size_t length;
  while ((length = fread(block, 1, sizeof block, file)) > 0) {
    text_put(&text, block, length);
  }
  text_put(&text, "", 0);
  (void)fclose(file);
  return text;
}

static int by_name(const void *a, const void *b) {
  return strcmp(((const struct file *)a)->name, ((const struct file *)b)->name);
}

static void read_files(struct model *model) {
  DIR *folder = opendir(model->folder);
  if (folder == NULL) {
    wake_fail("there is no folder %s", model->folder);
  }
  const struct dirent *entry;
  while ((entry = readdir(folder)) != NULL) {
    const size_t length = strlen(entry->d_name);
    if (strstr(entry->d_name, "DepSet") == NULL ||
        strcmp(entry->d_name + length - 4, ".cpp") != 0) {
      continue;
    }
    struct wake_text path = {0};
    text_add(&path, "%s/%s", model->folder, entry->d_name);
    model->files = wake_grow(model->files, (size_t)model->file_count + 1, sizeof *model->files);
    model->files[model->file_count++] = (struct file){path.data, file_read(path.data)};
  }
  (void)closedir(folder);
  qsort(model->files, (size_t)model->file_count, sizeof *model->files, by_name);
}

static char *part(const char *from, const char *to) {
  return word_copy(from, (size_t)(to - from));
}

/* A definition begins on a line "void NAME(CLASS* vlSelf) {" and ends with "}" on its own. */
static void find_functions(struct model *model, int number) {
  const char *data = model->files[number].text.data;
  for (const char *line = data; line != NULL && *line != '\0'; line = strchr(line, '\n')) {
    line += *line == '\n';
    const char *end = strchr(line, '\n');
    const char *name = strncmp(line, "VL_INLINE_OPT ", 14) == 0 ? line + 14 : line;
    if (end == NULL || strncmp(name, "void ", 5) != 0 || end - line < 20 ||
        strncmp(end - 11, "* vlSelf) {", 11) != 0) {
      continue;
    }
    const char *close = strstr(end, "\n}\n");
    if (close == NULL) {
      continue;
    }
    model->functions =
        wake_grow(model->functions, (size_t)model->function_count + 1, sizeof *model->functions);
    model->functions[model->function_count++] =
        (struct function){part(name + 5, strchr(name, '(')), number, (size_t)(line - data),
                          (size_t)(end + 1 - data), (size_t)(close + 3 - data)};
  }
}

int function_find(const struct model *model, const char *name) {
  for (int n = 0; n < model->function_count; n++) {
    if (strcmp(model->functions[n].name, name) == 0) {
      return n;
    }
  }
  return -1;
}

/* Where Verilator cuts its functions, all calls are in one of the pieces as long as they fit. */
int caller_find(const struct model *model, const char *part_of_name) {
  int found = -1;
  for (int n = 0; n < model->function_count; n++) {
    const struct function *f = &model->functions[n];
    const char *data = model->files[f->file].text.data;
    const char *call =
        strstr(f->name, part_of_name) == NULL ? NULL : strstr(data + f->body, "_sequent__");
    if (call != NULL && call < data + f->end) {
      if (found >= 0) {
        return -1;
      }
      found = n;
    }
  }
  return found;
}

static char *class_of(const struct model *model, int function) {
  const struct function *f = &model->functions[function];
  const char *line = model->files[f->file].text.data + f->begin;
  const char *open = strchr(line, '(') + 1;
  return part(open, strchr(open, '*'));
}

static int object_number(struct model *model, const char *from, const char *to) {
  char *name = part(from, to);
  for (int n = 0; n < model->object_count; n++) {
    if (strcmp(model->objects[n], name) == 0) {
      free(name);
      return n;
    }
  }
  if (model->object_count == (int)(sizeof model->objects / sizeof model->objects[0])) {
    wake_fail("more than %d cores", model->object_count);
  }
  model->objects[model->object_count] = name;
  return model->object_count++;
}

/* One call of the evaluation: NAME(vlSelf); or NAME((&vlSymsp->OBJECT)); */
static bool add_call(struct model *model, const char *line, int calls[WAKE_SEGMENTS]) {
  const char *open = strchr(line, '(');
  const char *object = strstr(open, "(&vlSymsp->");
  const char *end = strchr(line, '\n');
  const enum wake_side side = object != NULL && object < end ? WAKE_CORE : WAKE_ROOT;
  char *name = part(line, open);
  const int function = function_find(model, name);
  free(name);
  if (function < 0) {
    return false;
  }
  if (side == WAKE_CORE) {
    object += strlen("(&vlSymsp->");
    (void)object_number(model, object, strchr(object, ')'));
  }
  int last = model->segment_count - 1;
  if (last < 0 || model->segments[last].side != side) {
    if (++last == WAKE_SEGMENTS) {
      return false;
    }
    model->segments[last].side = side;
    model->segment_count = last + 1;
  }
  if (!list_has(&model->segments[last].functions, function)) {
    list_add(&model->segments[last].functions, function);
  }
  calls[last]++;
  if (model->sides[side].class_name == NULL) {
    model->sides[side].class_name = class_of(model, function);
  }
  return true;
}

static bool find_segments(struct model *model) {
  int calls[WAKE_SEGMENTS] = {0};
  model->evaluation = caller_find(model, "___eval_nba");
  model->inputs_evaluation = caller_find(model, "___eval_ico");
  if (model->evaluation < 0 || model->inputs_evaluation < 0) {
    return false;
  }
  const struct function *f = &model->functions[model->evaluation];
  const char *line = model->files[f->file].text.data + f->body;
  const char *end = model->files[f->file].text.data + f->end;
  for (; line < end; line = strchr(line, '\n') + 1) {
    const char *text = line + strspn(line, " ");
    const char *call = strstr(text, "_sequent__");
    if (call != NULL && call < strchr(text, '\n') && !add_call(model, text, calls)) {
      return false;
    }
  }
  for (int n = 0; n < model->segment_count; n++) {
    const struct wake_segment *s = &model->segments[n];
    const int each = s->side == WAKE_CORE ? model->object_count : 1;
    if (calls[n] != each * s->functions.count) {
      return false;
    }
  }
  return model->object_count > 0 && model->sides[WAKE_ROOT].class_name != NULL;
}

static void add_member(struct model *model, struct side *side, const char *name, const char *type) {
  model->types = wake_grow(model->types, (size_t)model->type_count + 1, sizeof *model->types);
  model->types[model->type_count] = part(type, type + strlen(type));
  table_set(&side->types, name, model->type_count++);
}

/* A port of a class: VL_IN8(name,7,0); a wide one has its words as fourth. */
static void add_port(struct model *model, struct side *side, const char *line) {
  char kind[8] = "";
  char name[512] = "";
  int words = 0;
  if (sscanf(line, "VL_%*[INOUT]%7[0-9W](%511[^,],%*d,%*d,%d", kind, name, &words) < 2) {
    kind[0] = '\0';
    if (sscanf(line, "VL_%*[INOUT](%511[^,]", name) != 1) {
      return;
    }
  }
  char type[32];
  (void)snprintf(type, sizeof type, "VlWide<%d>", words);
  static const char *const types[][2] = {
      {"8", "CData"}, {"16", "SData"}, {"64", "QData"}, {"", "IData"}};
  size_t known = 0;
  while (*types[known][0] != '\0' && strcmp(kind, types[known][0]) != 0) {
    known++;
  }
  add_member(model, side, name, strcmp(kind, "W") == 0 ? type : types[known][1]);
  if (side->side == WAKE_ROOT && strncmp(line, "VL_IN", 5) == 0) {
    struct wake_text key = {0};
    text_add(&key, "%d:%s", WAKE_ROOT, name);
    table_set(&model->writers, key.data, WAKE_OUTSIDE);
    free(key.data);
    if (strcmp(name, "clk_i") != 0) {
      text_add(&model->inputs, "%s ", name);
    }
  }
}

static void read_members(struct model *model, struct side *side) {
  struct wake_text path = {0};
  text_add(&path, "%s/%s.h", model->folder, side->class_name);
  const struct wake_text header = file_read(path.data);
  for (const char *line = header.data; *line != '\0'; line = strchr(line, '\n') + 1) {
    line += strspn(line, " ");
    const char *end = strchr(line, '\n');
    char name[512];
    if (strncmp(line, "VL_IN", 5) == 0 || strncmp(line, "VL_OUT", 6) == 0) {
      add_port(model, side, line);
    } else if (strncmp(line, "VlUnpacked<", 11) == 0) {
      const char *last = end;
      while (last > line && *last != ' ') {
        last--;
      }
      char *array = part(last + 1, strchr(last, ';'));
      table_set(&side->types, array, -2);
      free(array);
    } else if (strstr(line, "/*") != NULL && strstr(line, "/*") < end &&
               sscanf(strstr(line, "/*"), "/*%*[^*]*/ %511[A-Za-z0-9_];", name) == 1) {
      char *type = part(line, strstr(line, "/*"));
      add_member(model, side, name, type);
      free(type);
    }
  }
  free(path.data);
  free(header.data);
}

void rates_read(struct model *model, const char *path) {
  const struct wake_text rates = file_read(path);
  for (const char *line = rates.data; *line != '\0'; line = strchr(line, '\n') + 1) {
    char name[512];
    int percent;
    if (*line != '#' && sscanf(line, "%511s %d", name, &percent) == 2) {
      table_set(&model->rates, name, percent);
    }
    if (strchr(line, '\n') == NULL) {
      break;
    }
  }
  free(rates.data);
}

bool model_read(struct model *model, const char *folder) {
  model->folder = folder;
  read_files(model);
  for (int n = 0; n < model->file_count; n++) {
    if (strstr(model->files[n].name, "__Slow") == NULL) {
      find_functions(model, n);
    }
  }
  if (!find_segments(model)) {
    return false;
  }
  const char *root = model->sides[WAKE_ROOT].class_name;
  (void)snprintf(model->prefix, sizeof model->prefix, "%.*s", (int)(strstr(root, "___") - root),
                 root);
  for (int n = 0; n < WAKE_SIDES; n++) {
    model->sides[n].side = (enum wake_side)n;
    read_members(model, &model->sides[n]);
  }
  return true;
}
