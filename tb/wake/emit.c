/* SPDX-License-Identifier: Apache-2.0 */
/* emit.c: the clusters of a segment as C++ functions.
 *
 * Who sleeps has a bit, which is set when something it reads changes: found by looking at a
 * variable before and after the statements that write it, or, where somebody else writes it too, at
 * a shadow of it, which is what its readers have been told. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "wake.h"

enum { FUNCTION_STATEMENTS = 400, TOGETHER = 10, BITS = 32 };

struct out {
  struct model *model;
  struct side *side;
  int segment;
  struct wake_text body;
  int statements;
  int parts;
};

/* Statements that set the bits of all that read a variable; none if nobody asleep does. */
static void wake_readers(const struct side *side, int variable, struct wake_text *out) {
  const struct wake_list *readers = &side->readers[variable];
  for (int word = 0; word <= side->bits / BITS; word++) {
    uint32_t bits = 0;
    for (int n = 0; n < readers->count; n++) {
      const int bit = side->clusters[readers->at[n]].bit;
      bits |= bit / BITS == word ? (uint32_t)1 << bit % BITS : 0;
    }
    if (bits != 0) {
      text_add(out, " vlSelf->__Vwake[%d] |= 0x%xU;", word, bits);
    }
  }
}

static int shadow_of(const struct model *model, struct side *side, int variable) {
  const struct variable *v = &side->variables[variable];
  if (v->type < 0) {
    wake_fail("the type of %s is not known", v->expression);
  }
  if (side->shadow[variable] < 0) {
    side->shadow[variable] = side->shadows++;
    text_add(&side->members, "    %s __Vshadow%d{};\n", model->types[v->type],
             side->shadow[variable]);
    text_add(&side->start, "        vlSelf->__Vshadow%d = %s;\n", side->shadow[variable],
             v->expression);
  }
  return side->shadow[variable];
}

static void check_shadow(const struct model *model, struct side *side, int variable,
                         struct wake_text *out) {
  text_add(out, "    if (trine_changed(vlSelf->__Vshadow%d, %s)) {",
           shadow_of(model, side, variable), side->variables[variable].expression);
  wake_readers(side, variable, out);
  text_add(out, " }\n");
}

static unsigned own_segments(const struct model *model, const struct side *side) {
  unsigned bits = 0;
  for (int n = 0; n < model->segment_count; n++) {
    bits |= model->segments[n].side == side->side ? 1u << n : 0;
  }
  return bits;
}

/* Segments of others between the segment and the one of the same side before it. */
static unsigned foreign_before(const struct model *model, const struct side *side, int segment) {
  const unsigned own = own_segments(model, side);
  const unsigned before = own & ((1u << segment) - 1);
  unsigned bits = 0;
  for (int n = segment - 1; n >= 0 && (own >> n & 1) == 0; n--) {
    bits |= 1u << n;
  }
  for (int n = model->segment_count - 1; before == 0 && (own >> n & 1) == 0; n--) {
    bits |= 1u << n;
  }
  return bits;
}

/* What others write is looked at where they have just done so: at the beginning of a segment, and,
 * for inputs of the chip and what is made of them, when such an input has changed. */
static void check_foreign(struct out *out) {
  struct side *side = out->side;
  const unsigned own = own_segments(out->model, side);
  const bool first = (own & ((1u << out->segment) - 1)) == 0;
  const unsigned foreign = foreign_before(out->model, side, out->segment);
  for (int n = 0; n < side->count; n++) {
    const struct variable *v = &side->variables[n];
    if (side->readers[n].count == 0 || v->local) {
      continue;
    }
    const unsigned writers = writers_of(out->model, side, v);
    const bool inputs = first && (writers & (WAKE_INPUTS_REGION | WAKE_OUTSIDE)) != 0;
    if ((inputs || (writers & foreign) != 0) && v->array) {
      wake_fail("%s is an array that others write", v->expression);
    }
    if ((writers & foreign) != 0) {
      check_shadow(out->model, side, n, &out->body);
    } else if (inputs) {
      check_shadow(out->model, side, n, &side->inputs_marks);
    }
  }
}

static void end_function(struct out *out) {
  struct side *side = out->side;
  struct model *model = out->model;
  struct wake_text name = {0};
  text_add(&name, "%s___wake_%d_%d", side->class_name, out->segment, out->parts++);
  text_add(&model->declarations, "void %s(%s* vlSelf);\n", name.data, side->class_name);
  text_add(&side->functions, "void %s(%s* vlSelf) {\n", name.data, side->class_name);
  text_add(&side->functions,
           "    %s__Syms* const __restrict vlSymsp VL_ATTR_UNUSED = vlSelf->vlSymsp;\n",
           model->prefix);
  text_put(&side->functions, out->body.data == NULL ? "" : out->body.data, out->body.length);
  text_add(&side->functions, "}\n");
  for (int n = 0; side->side == WAKE_CORE && n < model->object_count; n++) {
    text_add(&model->calls, "        %s(&vlSymsp->%s);\n", name.data, model->objects[n]);
  }
  if (side->side == WAKE_ROOT) {
    text_add(&model->calls, "        %s(vlSelf);\n", name.data);
  }
  free(name.data);
  out->body.length = 0;
  out->statements = 0;
}

/* A statement, with what it takes to wake the readers of an array before each of its elements that
 * it writes. */
static void put_statement(struct out *out, const struct statement *statement) {
  const char *from = statement->text;
  int depth = 0;
  bool begins = true;
  for (const char *c = from; *c != '\0' && statement->arrays.count > 0; c++) {
    if (begins && *c != ' ' && *c != '\n') {
      const char *element = destination_of(c, c + strlen(c));
      if (element == NULL) {
        element = c;
      }
      for (int n = 0; n < statement->arrays.count; n++) {
        const int number = statement->arrays.at[n];
        const char *expression = out->side->variables[number].expression;
        const size_t length = strlen(expression);
        if (strncmp(element, expression, length) == 0 && strchr(" \n[", element[length]) != NULL) {
          text_put(&out->body, from, (size_t)(c - from));
          wake_readers(out->side, number, &out->body);
          if (out->model->count) {
            text_add(&out->body,
                     " { static trine_writes writes(\"%s\", vlSelf); writes.add(vlSelf); }",
                     out->side->variables[number].base);
          }
          from = c;
        }
      }
      begins = false;
    }
    depth += (*c == '(') - (*c == ')');
    begins = begins || (depth == 0 && (*c == ';' || *c == '{' || *c == '}'));
  }
  text_put(&out->body, from, strlen(from));
  text_put(&out->body, "\n", 1);
  out->statements++;
}

/* How the readers of what a node writes are told. */
struct telling {
  struct wake_list compared; /* by looking at it before and after */
  struct wake_list shadowed;
  struct wake_list told; /* whatever its value is */
};

static struct telling sort_writes(const struct out *out, const struct cluster *cluster,
                                  const struct wake_node *node) {
  struct telling telling = {0};
  const struct side *side = out->side;
  const unsigned own = own_segments(out->model, side);
  for (int n = 0; n < node->whole.writes.count; n++) {
    const int number = node->whole.writes.at[n];
    const struct variable *v = &side->variables[number];
    if (side->readers[number].count == 0 || v->array || v->local) {
      continue;
    }
    const bool register_next = strncmp(v->base, "__Vdly", 6) == 0;
    if ((writers_of(out->model, side, v) & ~own) != 0) {
      list_add(&telling.shadowed, number);
    } else if (!cluster->awake && !list_has(&cluster->reads, number) &&
               (v->words > 0 || register_next)) {
      list_add(&telling.told, number);
    } else {
      list_add(&telling.compared, number);
    }
  }
  return telling;
}

/* Variables with the same readers are compared together. */
static void put_compared(struct out *out, const struct wake_list *compared) {
  for (int n = 0; n < compared->count; n++) {
    struct wake_text wake = {0};
    bool first = true;
    wake_readers(out->side, compared->at[n], &wake);
    for (int k = 0; k < compared->count; k++) {
      struct wake_text other = {0};
      wake_readers(out->side, compared->at[k], &other);
      const bool same = strcmp(wake.data, other.data) == 0;
      free(other.data);
      if (same && k < n) {
        first = true;
        break;
      }
      if (same) {
        text_add(&out->body, "%s trine_differs(was%d, %s)", first ? "    if (VL_UNLIKELY((" : " |",
                 k, out->side->variables[compared->at[k]].expression);
        first = false;
      }
    }
    if (!first) {
      text_add(&out->body, ") != 0)) {%s }\n", wake.data);
    }
    free(wake.data);
  }
}

static void put_locals(struct out *out, const struct wake_node *node) {
  for (int n = 0; n < node->whole.writes.count; n++) {
    const struct variable *v = &out->side->variables[node->whole.writes.at[n]];
    if (v->local) {
      text_add(&out->body, "    %s %s%s;\n", out->model->types[v->type], v->expression,
               v->words > 0 ? "" : " = 0");
    }
  }
}

static void put_node(struct out *out, const struct cluster *cluster, const struct wake_node *node) {
  struct telling telling = sort_writes(out, cluster, node);
  text_add(&out->body, "    {\n");
  put_locals(out, node);
  for (int n = 0; n < telling.compared.count; n++) {
    text_add(&out->body, "    const auto was%d = %s;\n", n,
             out->side->variables[telling.compared.at[n]].expression);
  }
  for (int n = 0; n < node->statements.count; n++) {
    put_statement(out, &out->model->segments[out->segment].statements[node->statements.at[n]]);
  }
  put_compared(out, &telling.compared);
  for (int n = 0; n < telling.shadowed.count; n++) {
    check_shadow(out->model, out->side, telling.shadowed.at[n], &out->body);
  }
  for (int n = 0; n < telling.told.count; n++) {
    wake_readers(out->side, telling.told.at[n], &out->body);
  }
  text_add(&out->body, "    }\n");
  list_free(&telling.compared);
  list_free(&telling.shadowed);
  list_free(&telling.told);
}

static void put_cluster(struct out *out, const struct cluster *cluster) {
  const struct wake_segment *segment = &out->model->segments[out->segment];
  if (!cluster->awake) {
    const int word = cluster->bit / BITS;
    const uint32_t bit = (uint32_t)1 << cluster->bit % BITS;
    text_add(&out->body,
             "    if (VL_UNLIKELY(vlSelf->__Vwake[%d] & 0x%xU)) {\n"
             "    vlSelf->__Vwake[%d] &= ~0x%xU;\n",
             word, bit, word, bit);
  }
  for (int n = 0; n < cluster->nodes.count; n++) {
    put_node(out, cluster, &segment->nodes[cluster->nodes.at[n]]);
    if (cluster->awake && out->statements >= FUNCTION_STATEMENTS) {
      end_function(out);
    }
  }
  if (!cluster->awake) {
    text_add(&out->body, "    }\n");
  }
}

/* Clusters one after the other that sleep are asked together first: how many, and their bits. */
static int asked_together(const struct out *out, int first, uint32_t *bits) {
  const struct side *side = out->side;
  int count = 0;
  *bits = 0;
  for (int n = first; n < side->cluster_count && count < TOGETHER; n++) {
    const struct cluster *cluster = &side->clusters[n];
    if (cluster->awake || cluster->segment != out->segment ||
        cluster->bit / BITS != side->clusters[first].bit / BITS) {
      break;
    }
    *bits |= (uint32_t)1 << cluster->bit % BITS;
    count++;
  }
  return count;
}

void emit_segment(struct model *model, struct side *side, int segment) {
  struct out out = {.model = model, .side = side, .segment = segment};
  check_foreign(&out);
  for (int n = 0; n < side->cluster_count; n++) {
    if (side->clusters[n].segment != segment) {
      continue;
    }
    uint32_t bits;
    const int together = asked_together(&out, n, &bits);
    if (together > 2) {
      text_add(&out.body, "    if (VL_UNLIKELY(vlSelf->__Vwake[%d] & 0x%xU)) {\n",
               side->clusters[n].bit / BITS, bits);
    }
    put_cluster(&out, &side->clusters[n]);
    for (int k = 1; together > 2 && k < together; k++) {
      put_cluster(&out, &side->clusters[++n]);
    }
    text_add(&out.body, "%s", together > 2 ? "    }\n" : "");
    if (out.statements >= FUNCTION_STATEMENTS) {
      end_function(&out);
    }
  }
  if (out.body.length > 0) {
    end_function(&out);
  }
  free(out.body.data);
}
