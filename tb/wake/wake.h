/* SPDX-License-Identifier: Apache-2.0 */
/* wake: has a translated model evaluate only what has a reason to be (docs/simulation.md).
 *
 * Verilator writes one long list of C++ statements that is run from end to end in every cycle. Here
 * the list is cut into clusters of statements, and a cluster is run when something it reads has
 * changed since it last ran: the conditional evaluation of partitions that Beamer and Donofrio
 * describe for ESSENT ("Efficiently Exploiting Low Activity Factors to Accelerate RTL Simulation",
 * DAC 2020). Every variable has after each evaluation the value it would have had.
 *
 * Here: the C++ text, its statements and what they read and write (statements.c, analyse.c), which
 * belong together and their order (graph.c), clusters and who wakes whom (plan.c), C++ again
 * (emit.c). */
#ifndef TRINE_WAKE_H
#define TRINE_WAKE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Text that grows. */
struct wake_text {
  char *data;
  size_t length;
  size_t room;
};

/* Numbers that grow. */
struct wake_list {
  int *at;
  int count;
  int room;
};

/* From words to numbers; a word that is not there has -1. */
struct wake_table {
  char **words;
  int *values;
  int count;
  int room;
};

/* Whose variables: the class of all cores, and the class around them. */
enum wake_side { WAKE_CORE, WAKE_ROOT, WAKE_SIDES };

/* Who writes a variable: a bit for each segment (at most 16), and two more. */
enum { WAKE_SEGMENTS = 16, WAKE_INPUTS_REGION = 1 << 16, WAKE_OUTSIDE = 1 << 17 };

struct variable {
  char *expression; /* in C++: "vlSelf->x", "vlSymsp->TOP.x", or a local's name */
  const char *base; /* the name alone */
  int type;         /* number in the model's types; -1 for an array */
  bool local;
  int words; /* 32-bit words of a wide one, or 0 */
  bool array;
  int percent; /* of the cycles in which it changes, from rates.txt */
  /* While a statement is looked at: whether it has been given a value before, and which words. */
  bool assigned;
  uint64_t mask;
  int last_writer;
  struct wake_list readers;
};

struct statement {
  char *text;
  struct wake_list reads;  /* variables whose value from before matters */
  struct wake_list writes; /* variables that may change */
  struct wake_list arrays; /* those of them of which an element changes */
  int cost;                /* mentions of variables: about instructions */
  bool always;             /* calls the test bench, so it runs in every cycle */
};

/* Statements that can only run together. */
struct wake_node {
  struct wake_list statements; /* in order */
  struct statement whole;      /* all of them as one */
  struct wake_list next;       /* nodes that come after it */
  int before;                  /* nodes that come before it and have not run */
  int key;                     /* nodes of one key make clusters */
  bool awake;
};

struct cluster {
  int segment;
  bool awake; /* is not asked, but runs in every cycle */
  int cost;
  int bit;
  struct wake_list nodes;
  struct wake_list reads;
};

struct wake_segment {
  enum wake_side side;
  struct wake_list functions;
  struct statement *statements;
  int statement_count;
  struct wake_node *nodes;
  int node_count;
};

struct function {
  char *name;
  int file;
  size_t begin; /* the whole definition */
  size_t body;
  size_t end;
};

struct file {
  char *name;
  struct wake_text text;
};

struct side {
  enum wake_side side;
  char *class_name;
  struct variable *variables;
  int count;
  int room;
  struct wake_table numbers; /* of variables by expression */
  struct wake_table types;   /* of members: number in model.types */
  struct wake_text members;  /* new ones */
  struct wake_text functions;
  struct wake_text inputs_marks; /* what to wake for inputs of the chip */
  struct wake_text start;        /* shadows as they begin */
  struct cluster *clusters;
  int cluster_count;
  struct wake_list *readers; /* of each variable: clusters that sleep */
  int *shadow;               /* of each variable: its number, or -1 */
  int shadows;
  int bits;
};

struct model {
  const char *folder;
  bool count; /* the model counts how often its variables change */
  struct file *files;
  int file_count;
  struct function *functions;
  int function_count;
  int evaluation;        /* the function that calls those of a cycle */
  int inputs_evaluation; /* the one that calls those of inputs of the chip */
  struct wake_segment segments[WAKE_SEGMENTS];
  int segment_count;
  char *objects[64];
  int object_count;
  char **types;
  int type_count;
  struct wake_table writers; /* "SIDE:name": bits */
  struct wake_text inputs;   /* of the chip, but its clock */
  struct wake_table rates;
  struct wake_table keys;
  int serial; /* of locals */
  struct side sides[WAKE_SIDES];
  char prefix[64]; /* of Verilator's classes */
  struct wake_text calls;
  struct wake_text declarations;
  struct wake_text externals;
};

/* Rates in percent: awake from the first on; below the second a node shares its cluster with a
 * larger part of the chip. Costs: a cluster is full at the first, and one of no more than the
 * second is not worth being asked. Measured on duo (docs/simulation.md). At least so many of 100
 * statements sleep, or the C++ is not what it is taken for. */
enum {
  WAKE_AWAKE = 40,
  WAKE_SELDOM = 5,
  WAKE_CLUSTER = 250,
  WAKE_FEW = 4,
  WAKE_ROUNDS = 3,
  WAKE_LEAST = 60
};

/* wake.c: what all use. Running out of memory ends the program. */
void wake_fail(const char *format, ...) __attribute__((noreturn, format(printf, 1, 2)));
void *wake_grow(void *data, size_t count, size_t size);
void text_put(struct wake_text *text, const char *data, size_t length);
void text_add(struct wake_text *text, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
void list_add(struct wake_list *list, int value);
void list_free(struct wake_list *list);
bool list_has(const struct wake_list *list, int value);
char *word_copy(const char *from, size_t length);
int table_get(const struct wake_table *table, const char *word);
void table_set(struct wake_table *table, const char *word, int value);

/* model.c: reads the files of a folder; false if its cores do not run one copy of their code. */
bool model_read(struct model *model, const char *folder);
struct wake_text file_read(const char *path);
void rates_read(struct model *model, const char *path);
int function_find(const struct model *model, const char *name);
/* The function with that in its name that calls others; -1 if there is not one alone. */
int caller_find(const struct model *model, const char *part_of_name);
/* Whose variable it is from where it is written, and the bits of its writers. */
enum wake_side variable_owner(const struct side *side, const struct variable *variable);
unsigned writers_of(const struct model *model, const struct side *side, const struct variable *v);
void writers_add(struct model *model, struct side *side, const struct statement *statement,
                 unsigned bits);

/* statements.c: cuts a function into statements; analyse.c: what a text of C++ reads and writes. */
int variable_number(struct model *model, struct side *side, const char *text, size_t length);
bool reference_next(struct model *model, struct side *side, const char **at, const char *end,
                    int *variable);
void statements_cut(struct model *model, struct side *side, int function, struct statement **out,
                    int *count);
const char *destination_of(const char *from, const char *end);
void statement_analyse(struct model *model, struct side *side, struct statement *statement);

/* graph.c: nodes of a list of statements. */
void nodes_make(struct model *model, struct side *side, struct wake_segment *segment);

/* plan.c: clusters of a segment, and then of all segments who wakes whom. */
void clusters_make(struct model *model, struct side *side, int segment);
void clusters_connect(struct side *side);

/* emit.c: the functions of a segment; emit_model.c: everything around them, and the files. */
void emit_segment(struct model *model, struct side *side, int segment);
void emit_model(struct model *model);

#endif
