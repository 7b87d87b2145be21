/* SPDX-License-Identifier: Apache-2.0 */
/* reshape: Reshape and Flatten of rows, see walk.h.
 *
 * Both keep the order of all values in memory. So the sizes that differ from 1 are gone through in
 * order, as the graph has them: each size asked for has to be the product of the next ones, whole.
 * Then it means these axes as one, for data of any size; whatever else a Reshape does mixes
 * sequences, steps and rows, and is refused. A number that is asked for where the size is open
 * fixes that size from then on. */
#include <string.h>

#include "io/size.h"
#include "onnx/walk.h"

/* What rows consist of: sizes that cannot be taken apart. */
enum atom { ATOM_FIRST, ATOM_SECOND, ATOM_STEPS, ATOM_PARTS, ATOM_WIDTH };

/* A product of atoms: of those whose size is known the number, of the others which. */
struct size {
  size_t number;
  uint32_t open; /* a bit an atom */
};

struct reshape {
  struct walk *walk;
  const Onnx__Node *node;
  const struct rows *from;
  enum atom atoms[2 * MAX_AXES];
  uint32_t first, end; /* atoms left */
  struct rows to;
};

/* Atoms that one axis of the target has. */
struct group {
  uint32_t first, count;
};

static struct size atom_size(const struct reshape *reshape, enum atom atom) {
  const struct walk *walk = reshape->walk;
  int64_t known;
  if (atom == ATOM_FIRST) {
    known = walk->open_size[0];
  } else if (atom == ATOM_SECOND) {
    known = walk->open_size[1];
  } else if (atom == ATOM_STEPS) {
    known = rows_steps(walk, reshape->from);
  } else if (atom == ATOM_PARTS) {
    known = reshape->from->part_count;
  } else {
    known = rows_width(walk, reshape->from);
  }
  return known > 0 ? (struct size){(size_t)known, 0} : (struct size){1, 1U << atom};
}

/* Steps of their own are there once it is known which axis is time, so that the other is batch. */
static enum atom batch_atom(const struct walk *walk) {
  return walk->time_axis == AXIS_OPEN0 ? ATOM_SECOND : ATOM_FIRST;
}

/* The atoms of an axis, those of size 1 left out, at `atoms`; their number. */
static uint32_t atoms_of(const struct reshape *reshape, enum row_axis axis, enum atom *atoms) {
  static const struct {
    uint32_t count;
    enum atom atoms[2];
  } table[] = {[AXIS_ONE] = {0, {ATOM_FIRST}},
               [AXIS_OPEN0] = {1, {ATOM_FIRST}},
               [AXIS_OPEN1] = {1, {ATOM_SECOND}},
               [AXIS_MERGED] = {2, {ATOM_FIRST, ATOM_SECOND}},
               [AXIS_MERGED_TURNED] = {2, {ATOM_SECOND, ATOM_FIRST}},
               [AXIS_STEPS] = {1, {ATOM_STEPS}},
               [AXIS_BATCH_STEPS] = {2, {ATOM_FIRST, ATOM_STEPS}},
               [AXIS_STEPS_BATCH] = {2, {ATOM_STEPS, ATOM_FIRST}},
               [AXIS_PARTS] = {1, {ATOM_PARTS}},
               [AXIS_WIDTH] = {1, {ATOM_WIDTH}}};
  const bool with_batch = axis == AXIS_BATCH_STEPS || axis == AXIS_STEPS_BATCH;
  uint32_t count = 0;
  for (uint32_t n = 0; n < table[axis].count; n++) {
    const enum atom own = table[axis].atoms[n];
    const enum atom atom = with_batch && own == ATOM_FIRST ? batch_atom(reshape->walk) : own;
    const struct size size = atom_size(reshape, atom);
    if (size.number != 1 || size.open != 0) {
      atoms[count++] = atom;
    }
  }
  return count;
}

static bool same(const struct size *a, const struct size *b) {
  return a->number == b->number && a->open == b->open;
}

/* The graph counts on this number. */
static bool fix(struct reshape *reshape, enum atom atom, size_t number) {
  struct walk *walk = reshape->walk;
  if (number > INT32_MAX || (atom == ATOM_WIDTH && number > TRINE_ONNX_MAX_UNITS)) {
    return false;
  }
  if (atom == ATOM_WIDTH) {
    walk->made_values[reshape->from->part[0]].width = (uint32_t)number;
  } else {
    walk_fix_size(walk, reshape->node, atom == ATOM_FIRST ? AXIS_OPEN0 : AXIS_OPEN1,
                  (int64_t)number);
  }
  return true;
}

/* The next atoms, from the left or the right, that make this size; false when none do. */
static bool take(struct reshape *reshape, struct size want, bool from_left, struct group *group) {
  struct size have = {1, 0};
  group->count = 0;
  while (!same(&have, &want)) {
    if (reshape->first == reshape->end) {
      return false;
    }
    const enum atom atom = reshape->atoms[from_left ? reshape->first : reshape->end - 1];
    struct size more = atom_size(reshape, atom);
    if (more.open != 0 && want.open == 0 && have.number == 1 && have.open == 0) {
      if (!fix(reshape, atom, want.number)) {
        return false;
      }
      more = want;
    }
    if (!trine_size_mul(have.number, more.number, &have.number)) {
      return false;
    }
    have.open |= more.open;
    reshape->first += from_left;
    reshape->end -= !from_left;
    group->count++;
  }
  group->first = from_left ? reshape->first - group->count : reshape->end;
  return true;
}

/* All steps side by side: of a sequence whose length the graph knows. */
static bool flatten(struct reshape *reshape, enum row_axis time) {
  struct walk *walk = reshape->walk;
  struct rows *to = &reshape->to;
  const bool own = time == AXIS_STEPS;
  const struct trine_float_value *from = &walk->made_values[to->part[0]];
  const int64_t steps = own ? from->steps : rows_open_size(walk, time);
  const uint64_t width = (uint64_t)from->width * (uint64_t)steps;
  if (steps == 0 || to->part_count != 1 || !from->has_time || (from->steps > 0) != own ||
      width > TRINE_ONNX_MAX_UNITS || !(own || rows_set_time(walk, time))) {
    return walk_refuse(walk, reshape->node,
                       "it puts all steps side by side, which is done for a known number of steps "
                       "and rows of at most %d values; export the input with fixed sizes",
                       TRINE_ONNX_MAX_UNITS);
  }
  if (!steps_unturn(walk, reshape->node, to)) {
    return false;
  }
  const uint32_t made = walk_add_value(walk, reshape->node->output[0], false, (uint32_t)width);
  if (walk_add_node(walk, TRINE_FLOAT_FLATTEN, reshape->node, to->part[0], made) == NULL) {
    return false;
  }
  to->part[0] = made;
  if (!own) {
    walk_fix_size(walk, reshape->node, time, steps);
    if (walk->takes_end == NULL) {
      walk->takes_end = reshape->node;
    }
  }
  return true;
}

/* Puts the atoms of a group as axis number `at` of the target. */
static bool put(struct reshape *reshape, uint32_t at, const struct group *group) {
  const enum atom *atoms = reshape->atoms + group->first;
  enum row_axis *axis = &reshape->to.axis[at];
  static const enum row_axis alone[] = {AXIS_OPEN0, AXIS_OPEN1, AXIS_STEPS, AXIS_PARTS, AXIS_WIDTH};
  if (group->count < 2) {
    *axis = group->count == 0 ? AXIS_ONE : alone[atoms[0]];
    return true;
  }
  if (group->count == 2 && atoms[0] == ATOM_PARTS && atoms[1] == ATOM_WIDTH) {
    *axis = AXIS_WIDTH;
    return rows_join_parts(reshape->walk, reshape->node, &reshape->to);
  }
  if (group->count == 2 && atoms[0] <= ATOM_STEPS && atoms[1] == ATOM_WIDTH) {
    *axis = AXIS_WIDTH;
    return flatten(reshape, alone[atoms[0]]);
  }
  if (group->count == 2 && rows_steps(reshape->walk, reshape->from) > 0) {
    const enum atom batch = batch_atom(reshape->walk);
    if (atoms[0] == batch && atoms[1] == ATOM_STEPS) {
      *axis = AXIS_BATCH_STEPS;
      return true;
    }
    if (atoms[0] == ATOM_STEPS && atoms[1] == batch) {
      *axis = AXIS_STEPS_BATCH;
      return true;
    }
  }
  *axis = atoms[0] == ATOM_FIRST ? AXIS_MERGED : AXIS_MERGED_TURNED;
  return (group->count == 2 && atoms[0] <= ATOM_SECOND && atoms[1] <= ATOM_SECOND) ||
         walk_refuse(reshape->walk, reshape->node,
                     "this change of shape is not understood: axis %u is of rows together with "
                     "steps or sequences, which have to stay apart",
                     at);
}

/* What entry n of the shape asks for; false when it is not known. */
static bool wanted(const struct reshape *reshape, const int64_t *want, uint32_t n,
                   struct size *size) {
  enum atom atoms[2];
  *size = (struct size){1, 0};
  if (want[n] == ARRAY_AXIS0 || want[n] == ARRAY_AXIS1) {
    *size = atom_size(reshape, want[n] == ARRAY_AXIS0 ? ATOM_FIRST : ATOM_SECOND);
    return true;
  }
  if (want[n] > 0 && want[n] <= INT32_MAX) {
    size->number = (size_t)want[n];
    return true;
  }
  if (want[n] != 0 || n >= reshape->from->rank || onnx_int(reshape->node, "allowzero", 0) != 0) {
    return false;
  }
  const uint32_t count = atoms_of(reshape, reshape->from->axis[n], atoms);
  for (uint32_t k = 0; k < count; k++) {
    const struct size more = atom_size(reshape, atoms[k]);
    if (!trine_size_mul(size->number, more.number, &size->number)) {
      return false;
    }
    size->open |= more.open;
  }
  return true;
}

static bool refuse_mixing(struct reshape *reshape, uint32_t n, int64_t want) {
  if (want > 0) {
    return walk_refuse(reshape->walk, reshape->node,
                       "this change of shape is not understood: size %lld of axis %u would mix "
                       "sequences, steps or rows; Transpose exchanges axes",
                       (long long)want, n);
  }
  return walk_refuse(reshape->walk, reshape->node,
                     "this change of shape is not understood: axis %u would mix sequences, steps "
                     "or rows, or its size is not known; Transpose exchanges axes",
                     n);
}

/* Entries from the left up to the one that is -1, then from the right down to it. */
static bool match(struct reshape *reshape, const int64_t *want, uint32_t wants) {
  uint32_t left = 0, right = wants;
  struct size size;
  struct group group = {0, 0};
  for (; left < wants && want[left] != -1; left++) {
    if (!wanted(reshape, want, left, &size) || !take(reshape, size, true, &group)) {
      return refuse_mixing(reshape, left, want[left]);
    }
    if (!put(reshape, left, &group)) {
      return false;
    }
  }
  for (; right > left + 1; right--) {
    if (!wanted(reshape, want, right - 1, &size) || !take(reshape, size, false, &group)) {
      return refuse_mixing(reshape, right - 1, want[right - 1]);
    }
    if (!put(reshape, right - 1, &group)) {
      return false;
    }
  }
  group = (struct group){reshape->first, reshape->end - reshape->first};
  if (left == wants) {
    return group.count == 0 || refuse_mixing(reshape, wants - 1, want[wants - 1]);
  }
  return put(reshape, left, &group);
}

static void begin(struct reshape *reshape, struct walk *walk, const Onnx__Node *node,
                  const struct rows *from) {
  *reshape = (struct reshape){.walk = walk, .node = node, .from = from, .to = *from};
  for (uint32_t n = 0; n < from->rank; n++) {
    reshape->end += atoms_of(reshape, from->axis[n], reshape->atoms + reshape->end);
  }
}

/* How many parts the row is cut into that the shape asks for with the last axis: both directions,
 * or the steps of a forecast; 0: none. */
static uint32_t cut_of(const struct walk *walk, const struct rows *rows, const int64_t *want,
                       uint32_t wants) {
  const int64_t width = rows->part_count == 1 ? rows_width(walk, rows) : 0;
  const int64_t last = want[wants - 1];
  int64_t parts = 0;
  if (last > 1) {
    parts = width / last;
  } else if (last == -1 && wants == rows->rank + 1) {
    parts = want[wants - 2];
  }
  const bool fits = parts > 1 && parts <= MAX_PARTS && parts < width && width % parts == 0 &&
                    (last == -1 || width == parts * last) && rows->rank < MAX_AXES &&
                    rows->axis[rows->rank - 1] == AXIS_WIDTH;
  return fits ? (uint32_t)parts : 0;
}

bool rows_reshape(struct walk *walk, const Onnx__Node *node, struct rows *rows) {
  struct reshape reshape;
  int64_t want[MAX_AXES];
  const int wants = onnx_array_list(walk_array(walk, node, 1), want, MAX_AXES);
  if (wants <= 0) {
    return walk_refuse(walk, node, "its shape is not a constant of at most %d sizes", MAX_AXES);
  }
  const uint32_t parts = cut_of(walk, rows, want, (uint32_t)wants);
  if (parts > 0 && !rows_cut(walk, node, parts, rows)) {
    return false;
  }
  const struct rows from = *rows;
  begin(&reshape, walk, node, &from);
  reshape.to.rank = (uint32_t)wants;
  if (!match(&reshape, want, (uint32_t)wants)) {
    return false;
  }
  *rows = reshape.to;
  return true;
}

/* All axes before one as one axis, and all from there on. */
bool rows_flatten(struct walk *walk, const Onnx__Node *node, struct rows *rows) {
  struct reshape reshape;
  enum atom atoms[2];
  const struct rows from = *rows;
  const int64_t axis = onnx_int(node, "axis", 1), at = axis < 0 ? axis + from.rank : axis;
  struct group front = {0, 0}, back = {0, 0};
  if (at < 0 || at > from.rank) {
    return walk_refuse(walk, node, "axis %lld is none of its input's %u", (long long)axis,
                       from.rank);
  }
  begin(&reshape, walk, node, &from);
  reshape.to.rank = 2;
  for (uint32_t n = 0; n < at; n++) {
    front.count += atoms_of(&reshape, from.axis[n], atoms);
  }
  back = (struct group){front.count, reshape.end - front.count};
  if (!put(&reshape, 0, &front) || !put(&reshape, 1, &back)) {
    return false;
  }
  *rows = reshape.to;
  return true;
}
