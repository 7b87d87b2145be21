/* SPDX-License-Identifier: Apache-2.0 */
/* graph.c: which statements of a list have to stay together, and which come before others.
 *
 * Statements that write the same variable, or share a local, are one node; so are those that would
 * otherwise have to come before and after each other (strong components, Tarjan 1972). */
#include <stdlib.h>
#include <string.h>

#include "wake.h"

struct edge {
  int from;
  int to;
};

struct statement_graph {
  struct side *side;
  struct wake_segment *segment;
  int *parent; /* of each statement, up to the one that stands for its node */
  struct edge *edges;
  int edge_count;
  /* The search for strong components. */
  struct wake_list *next;
  int *index;
  int *low;
  bool *open;
  struct wake_list stack;
  int found;
  bool merged;
};

static int find(struct statement_graph *graph, int n) {
  while (graph->parent[n] != n) {
    graph->parent[n] = graph->parent[graph->parent[n]];
    n = graph->parent[n];
  }
  return n;
}

static void join(struct statement_graph *graph, int a, int b) {
  a = find(graph, a);
  b = find(graph, b);
  graph->parent[a > b ? a : b] = a > b ? b : a;
}

static void add_edge(struct statement_graph *graph, int from, int to) {
  if (from < 0 || from == to) {
    return;
  }
  if ((graph->edge_count & (graph->edge_count - 1)) == 0) {
    const size_t room = graph->edge_count == 0 ? 1 : 2 * (size_t)graph->edge_count;
    graph->edges = wake_grow(graph->edges, room, sizeof *graph->edges);
  }
  graph->edges[graph->edge_count++] = (struct edge){from, to};
}

static void connect_statement(struct statement_graph *graph, int number) {
  const struct statement *s = &graph->segment->statements[number];
  for (int n = 0; n < s->reads.count; n++) {
    struct variable *v = &graph->side->variables[s->reads.at[n]];
    add_edge(graph, v->last_writer, number);
    list_add(&v->readers, number);
  }
  for (int n = 0; n < s->writes.count; n++) {
    struct variable *v = &graph->side->variables[s->writes.at[n]];
    if (v->last_writer >= 0) {
      join(graph, v->last_writer, number);
    }
    for (int r = 0; r < v->readers.count; r++) {
      add_edge(graph, v->readers.at[r], number);
      if (v->local) {
        join(graph, v->readers.at[r], number);
      }
    }
    v->readers.count = 0;
    v->last_writer = number;
  }
  for (int n = 0; n < s->reads.count; n++) {
    const struct variable *v = &graph->side->variables[s->reads.at[n]];
    if (v->local && v->last_writer >= 0) {
      join(graph, v->last_writer, number);
    }
  }
}

static void component(struct statement_graph *graph, int n) {
  graph->index[n] = graph->low[n] = ++graph->found;
  graph->open[n] = true;
  list_add(&graph->stack, n);
  for (int k = 0; k < graph->next[n].count; k++) {
    const int to = graph->next[n].at[k];
    if (graph->index[to] == 0) {
      component(graph, to);
    }
    if (graph->open[to] && graph->low[to] < graph->low[n]) {
      graph->low[n] = graph->low[to];
    }
  }
  if (graph->low[n] != graph->index[n]) {
    return;
  }
  int member;
  do {
    member = graph->stack.at[--graph->stack.count];
    graph->open[member] = false;
    if (member != n) {
      join(graph, member, n);
      graph->merged = true;
    }
  } while (member != n);
}

/* Edges between nodes, each once. */
static void build_next(struct statement_graph *graph) {
  const int count = graph->segment->statement_count;
  int *seen = wake_grow(NULL, (size_t)count, sizeof *seen);
  struct wake_list *first = calloc((size_t)count + 1, sizeof *first);
  if (first == NULL) {
    wake_fail("no memory for %d statements", count);
  }
  for (int n = 0; n < count; n++) {
    seen[n] = -1;
    graph->next[n].count = 0;
  }
  for (int n = 0; n < graph->edge_count; n++) {
    list_add(&first[find(graph, graph->edges[n].from)], find(graph, graph->edges[n].to));
  }
  for (int n = 0; n < count; n++) {
    for (int k = 0; k < first[n].count; k++) {
      const int to = first[n].at[k];
      if (to != n && seen[to] != n) {
        seen[to] = n;
        list_add(&graph->next[n], to);
      }
    }
    list_free(&first[n]);
  }
  free(first);
  free(seen);
}

static void merge_components(struct statement_graph *graph) {
  const int count = graph->segment->statement_count;
  do {
    graph->merged = false;
    graph->found = 0;
    build_next(graph);
    memset(graph->index, 0, (size_t)count * sizeof *graph->index);
    for (int n = 0; n < count; n++) {
      if (find(graph, n) == n && graph->index[n] == 0) {
        component(graph, n);
      }
    }
  } while (graph->merged);
}

/* All statements of a node as one. */
static void make_whole(struct model *model, struct side *side, struct wake_segment *segment,
                       struct wake_node *node) {
  struct wake_text text = {0};
  bool always = false;
  for (int n = 0; n < node->statements.count; n++) {
    const struct statement *s = &segment->statements[node->statements.at[n]];
    text_put(&text, s->text, strlen(s->text));
    always = always || s->always;
  }
  node->whole = (struct statement){.text = text.data};
  statement_analyse(model, side, &node->whole);
  node->whole.always = always;
}

static void take_nodes(struct model *model, struct statement_graph *graph) {
  struct wake_segment *segment = graph->segment;
  const int count = segment->statement_count;
  int *number = wake_grow(NULL, (size_t)count, sizeof *number);
  segment->nodes = calloc((size_t)count + 1, sizeof *segment->nodes);
  if (segment->nodes == NULL) {
    wake_fail("no memory for %d nodes", count);
  }
  for (int n = 0; n < count; n++) {
    const int top = find(graph, n);
    number[n] = top == n ? segment->node_count++ : number[top];
    list_add(&segment->nodes[number[n]].statements, n);
  }
  for (int n = 0; n < count; n++) {
    for (int k = 0; find(graph, n) == n && k < graph->next[n].count; k++) {
      list_add(&segment->nodes[number[n]].next, number[graph->next[n].at[k]]);
    }
  }
  for (int n = 0; n < segment->node_count; n++) {
    make_whole(model, graph->side, segment, &segment->nodes[n]);
  }
  free(number);
}

void nodes_make(struct model *model, struct side *side, struct wake_segment *segment) {
  const size_t count = (size_t)segment->statement_count + 1;
  struct statement_graph graph = {.side = side, .segment = segment};
  graph.parent = wake_grow(NULL, count, sizeof *graph.parent);
  graph.index = wake_grow(NULL, count, sizeof *graph.index);
  graph.low = wake_grow(NULL, count, sizeof *graph.low);
  graph.open = calloc(count, sizeof *graph.open);
  graph.next = calloc(count, sizeof *graph.next);
  if (graph.open == NULL || graph.next == NULL) {
    wake_fail("no memory for %zu statements", count);
  }
  for (int n = 0; n < side->count; n++) {
    side->variables[n].last_writer = -1;
    side->variables[n].readers.count = 0;
  }
  for (int n = 0; n < segment->statement_count; n++) {
    graph.parent[n] = n;
  }
  for (int n = 0; n < segment->statement_count; n++) {
    connect_statement(&graph, n);
  }
  merge_components(&graph);
  take_nodes(model, &graph);
  for (int n = 0; n < segment->statement_count; n++) {
    list_free(&graph.next[n]);
  }
  free(graph.parent);
  free(graph.edges);
  free(graph.next);
  free(graph.index);
  free(graph.low);
  free(graph.open);
  list_free(&graph.stack);
}
