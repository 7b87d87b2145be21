/* SPDX-License-Identifier: Apache-2.0 */
/* test_wake: the analyser of tb/wake on small texts of C++: what a statement reads and writes, how
 * functions are cut, which statements stay together and in which order, who sleeps, and that what
 * is not known ends the program. */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "wake.h"

enum { NAMES = 400 };

static struct model model;
static struct side *const side = &model.sides[WAKE_CORE];

/* Members of the core: plain ones need no type, these do. */
static void setup(void) {
  static const char *const types[] = {"VlWide<2>", "VlWide<4>"};
  memset(&model, 0, sizeof model);
  side->side = WAKE_CORE;
  model.sides[WAKE_ROOT].side = WAKE_ROOT;
  model.type_count = 2;
  model.types = wake_grow(NULL, 2, sizeof *model.types);
  for (int n = 0; n < model.type_count; n++) {
    model.types[n] = word_copy(types[n], strlen(types[n]));
  }
  table_set(&side->types, "two", 0);
  table_set(&side->types, "four", 1);
  table_set(&side->types, "memory", -2);
}

/* "a b" of the variables of a list, without what stands before their names. */
static const char *names(const struct wake_list *list) {
  static char text[NAMES];
  text[0] = '\0';
  for (int n = 0; n < list->count; n++) {
    const char *name = side->variables[list->at[n]].expression;
    name = strncmp(name, "vlSelf->", 8) == 0 ? name + 8 : name;
    const size_t used = strlen(text);
    (void)snprintf(text + used, sizeof text - used, "%s%s", n == 0 ? "" : " ", name);
  }
  return text;
}

static struct statement analysed(const char *text) {
  struct statement statement = {.text = word_copy(text, strlen(text))};
  statement_analyse(&model, side, &statement);
  return statement;
}

static const struct {
  const char *text, *reads, *writes, *arrays;
} cases[] = {
    {"vlSelf->a = vlSelf->b;", "b", "a", ""},
    {"vlSelf->a = (1U & (vlSelf->a + vlSelf->b));", "a b", "a", ""},
    {"vlSelf->a = vlSelf->b;vlSelf->c = vlSelf->a;", "b", "a c", ""},
    {"vlSelf->a = vlSymsp->TOP.b;vlSymsp->TOP__core0.c = 1U;", "vlSymsp->TOP.b",
     "a vlSymsp->TOP__core0.c", ""},
    /* A value given on one way only is not given behind the block; on this way it is. */
    {"if (vlSelf->c) {vlSelf->a = vlSelf->b;}vlSelf->d = vlSelf->a;", "c b a", "a d", ""},
    {"if (vlSelf->c) {vlSelf->a = vlSelf->b;vlSelf->d = vlSelf->a;}", "c b", "a d", ""},
    {"vlSelf->a = 0U;if (vlSelf->c) {vlSelf->a = 1U;}vlSelf->d = vlSelf->a;", "c", "a d", ""},
    {"if (vlSelf->c) {vlSelf->a = 1U;} else {vlSelf->b = vlSelf->a;}", "c a", "a b", ""},
    {"if ((vlSelf->a == vlSelf->b)) {vlSelf->c = 1U;}", "a b", "c", ""},
    {"if (((vlSelf->a <= vlSelf->b) | (1U != vlSelf->d) | (vlSelf->e >= 2U))) {vlSelf->c = 1U;}",
     "a b d e", "c", ""},
    /* An element is not the array; an index is read. */
    {"vlSelf->memory[vlSelf->i] = vlSelf->v;", "v i", "memory", "memory"},
    {"vlSelf->memory[3U] = vlSelf->v;vlSelf->o = vlSelf->memory[3U];", "v memory", "memory o",
     "memory"},
    {"vlSelf->memory.at(vlSelf->i) = vlSelf->v;", "v i", "memory", "memory"},
    {"vlSelf->memory[vlSelf->i][0U] = vlSelf->v;", "v i", "memory", "memory"},
    /* A wide one is given when all of its words are, or the word that is read is. */
    {"vlSelf->two[0U] = vlSelf->a;vlSelf->two[1U] = vlSelf->b;vlSelf->c = vlSelf->two[1U];", "a b",
     "two c", ""},
    {"vlSelf->two[0U] = vlSelf->a;vlSelf->c = vlSelf->two[0U];", "a", "two c", ""},
    {"vlSelf->two[0U] = vlSelf->a;vlSelf->c = vlSelf->two[1U];", "a two", "two c", ""},
    {"vlSelf->two[0U] = 1U;vlSelf->two[1U] = 1U;VL_ADD_W(2, vlSelf->four, vlSelf->two, "
     "vlSelf->two);",
     "", "two four", ""},
    {"vlSelf->two[vlSelf->i] = vlSelf->a;vlSelf->c = vlSelf->two[0U];", "a i two", "two c", ""},
    /* Calls of the library that write. */
    {"VL_ADD_W(2, vlSelf->two, vlSelf->x, vlSelf->y);", "x y", "two", ""},
    {"VL_ASSIGNSEL_WI(64, 8, vlSelf->i, vlSelf->two, vlSelf->v);", "i v", "two", ""},
    {"VL_SHIFTR_WWI(64,64,32, vlSelf->two, vlSelf->four, vlSelf->n);", "four n", "two", ""},
    /* Names in texts are none, nor are calls of objects. */
    {"VL_WRITEF(\"x; vlSelf->no {\", vlSelf->a);", "a", "", ""},
    {"vlSelf->a = vlSelf->name();", "", "a", ""},
};

START_TEST(test_a_statement_reads_and_writes_what_it_does) {
  setup();
  const struct statement s = analysed(cases[_i].text);
  ck_assert_msg(strcmp(names(&s.reads), cases[_i].reads) == 0, "%s reads '%s'", cases[_i].text,
                names(&s.reads));
  ck_assert_msg(strcmp(names(&s.writes), cases[_i].writes) == 0, "%s writes '%s'", cases[_i].text,
                names(&s.writes));
  ck_assert_msg(strcmp(names(&s.arrays), cases[_i].arrays) == 0, "%s writes elements of '%s'",
                cases[_i].text, names(&s.arrays));
  ck_assert(!s.always);
}
END_TEST

START_TEST(test_what_calls_the_test_bench_runs_always) {
  setup();
  ck_assert(analysed("vlSymsp->TOP.__Vdpiimwrap_probe_TOP(vlSelf->a);").always);
}
END_TEST

static const char *const unknown[] = {
    "VL_STRANGE_II(32, vlSelf->a, vlSelf->b);",
    "vlSelf->a += vlSelf->b;",
    "vlSelf->a++;",
    "++vlSelf->a;",
    "vlSelf->two[0U] |= vlSelf->b;",
    "vlSelf->a = (vlSelf->b = vlSelf->c);",
    "vlSelf->a <<= 1U;",
    "if ((vlSelf->a = vlSelf->b)) {vlSelf->c = 1U;}",
    "VL_ADD_W(2, vlSelf->two, (vlSelf->b = 1U), vlSelf->c);",
    "for (vlSelf->i = 0U; vlSelf->i < 4U; vlSelf->i++) {vlSelf->a = vlSelf->b;}",
};

START_TEST(test_what_is_not_known_ends_the_program) {
  setup();
  (void)analysed(unknown[_i]);
}
END_TEST

/* A function of a file of its own. */
static void one_function(const char *head, const char *body) {
  static struct file file;
  static struct function function;
  struct wake_text text = {0};
  text_add(&text, "void f(C* vlSelf) {\n%s    // Body\n%s}\n", head, body);
  file = (struct file){.name = word_copy("f.cpp", 5), .text = text};
  function = (struct function){
      .name = word_copy("f", 1), .body = strlen("void f(C* vlSelf) {\n"), .end = text.length};
  model.files = &file;
  model.functions = &function;
}

static struct wake_segment *cut(const char *head, const char *body) {
  struct wake_segment *segment = &model.segments[0];
  one_function(head, body);
  *segment = (struct wake_segment){.side = WAKE_CORE};
  model.segment_count = 1;
  statements_cut(&model, side, 0, &segment->statements, &segment->statement_count);
  for (int n = 0; n < segment->statement_count; n++) {
    statement_analyse(&model, side, &segment->statements[n]);
  }
  nodes_make(&model, side, segment);
  return segment;
}

START_TEST(test_a_body_is_cut_at_its_ends_of_statements) {
  setup();
  const struct wake_segment *s = cut("    CData/*0:0*/ t;\n",
                                     "    t = vlSelf->a;\n"
                                     "    if (vlSelf->b) {\n        vlSelf->c = t;\n    } else {\n"
                                     "        vlSelf->c = 0U;\n    }\n"
                                     "    VL_WRITEF(\"a;b}\", 1);\n"
                                     "    vlSelf->d = (vlSelf->e\n                 | 1U);\n");
  ck_assert_int_eq(s->statement_count, 4);
  ck_assert_ptr_nonnull(strstr(s->statements[0].text, "t__L1 = vlSelf->a;"));
  ck_assert_ptr_nonnull(strstr(s->statements[1].text, "else"));
  /* The local keeps the first two together. */
  ck_assert_int_eq(s->node_count, 3);
  ck_assert_int_eq(s->nodes[0].statements.count, 2);
  ck_assert_str_eq(names(&s->nodes[0].whole.reads), "a b");
}
END_TEST

START_TEST(test_writers_of_one_variable_and_circles_are_one_node) {
  setup();
  const struct wake_segment *s = cut("",
                                     "    vlSelf->a = 0U;\n    vlSelf->b = vlSelf->x;\n"
                                     "    if (vlSelf->c) {\n        vlSelf->a = 1U;\n    }\n");
  ck_assert_int_eq(s->node_count, 2);
  ck_assert_int_eq(s->nodes[0].statements.count, 2);
  setup();
  /* b is read by what writes a between the two that write b. */
  s = cut("", "    vlSelf->b = vlSelf->x;\n    vlSelf->a = vlSelf->b;\n    vlSelf->b = 1U;\n");
  ck_assert_int_eq(s->node_count, 1);
}
END_TEST

START_TEST(test_readers_stand_between_the_writers_of_what_they_read) {
  setup();
  const struct wake_segment *s = cut("",
                                     "    vlSelf->o = vlSelf->q;\n    vlSelf->q = vlSelf->d;\n"
                                     "    vlSelf->e = vlSelf->q;\n");
  ck_assert_int_eq(s->node_count, 3);
  ck_assert_int_eq(s->nodes[0].next.count, 1); /* o has the old q, so it comes before q is new */
  ck_assert_int_eq(s->nodes[0].next.at[0], 1);
  ck_assert_int_eq(s->nodes[1].next.count, 1); /* and e the new one */
  ck_assert_int_eq(s->nodes[1].next.at[0], 2);
}
END_TEST

/* Each statement is large enough to be worth asking. */
#define LARGE(to, from) \
  "    " to " = (" from " ^ (" from " + (" from " ^ (" from " + " from "))));\n"

START_TEST(test_what_changes_often_or_is_small_is_awake_and_readers_are_known) {
  setup();
  table_set(&model.rates, "often", WAKE_AWAKE);
  table_set(&model.rates, "seldom", WAKE_AWAKE - 1);
  (void)cut("", LARGE("vlSelf->p", "vlSelf->often") LARGE("vlSelf->q", "vlSelf->seldom")
                    LARGE("vlSelf->r", "vlSelf->q") "    vlSelf->x__DOT__s = vlSelf->z;\n");
  clusters_make(&model, side, 0);
  clusters_connect(side);
  const struct wake_segment *segment = &model.segments[0];
  int asleep = 0;
  for (int n = 0; n < side->cluster_count; n++) {
    const struct cluster *cluster = &side->clusters[n];
    for (int k = 0; k < cluster->nodes.count; k++) {
      const char *text = segment->nodes[cluster->nodes.at[k]].whole.text;
      const bool small = strstr(text, "vlSelf->z") != NULL;
      const bool often = strstr(text, "vlSelf->often") != NULL;
      ck_assert_msg(cluster->awake == (small || often), "%s", text);
      asleep += !cluster->awake;
    }
  }
  ck_assert_int_eq(asleep, 2);
  const int seldom = table_get(&side->numbers, "vlSelf->seldom");
  const int often = table_get(&side->numbers, "vlSelf->often");
  ck_assert_int_eq(side->readers[seldom].count, 1);
  ck_assert_int_eq(side->readers[often].count, 0);
}
END_TEST

int main(void) {
  puts("seed none"); /* nothing here is drawn */
  Suite *suite = suite_create("wake");
  TCase *tests = tcase_create("wake");
  tcase_add_loop_test(tests, test_a_statement_reads_and_writes_what_it_does, 0,
                      (int)(sizeof cases / sizeof cases[0]));
  tcase_add_test(tests, test_what_calls_the_test_bench_runs_always);
  tcase_add_loop_exit_test(tests, test_what_is_not_known_ends_the_program, EXIT_FAILURE, 0,
                           (int)(sizeof unknown / sizeof unknown[0]));
  tcase_add_test(tests, test_a_body_is_cut_at_its_ends_of_statements);
  tcase_add_test(tests, test_writers_of_one_variable_and_circles_are_one_node);
  tcase_add_test(tests, test_readers_stand_between_the_writers_of_what_they_read);
  tcase_add_test(tests, test_what_changes_often_or_is_small_is_awake_and_readers_are_known);
  suite_add_tcase(suite, tests);
  SRunner *runner = srunner_create(suite);
  srunner_run_all(runner, CK_NORMAL);
  const int failed = srunner_ntests_failed(runner);
  srunner_free(runner);
  return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
