/* SPDX-License-Identifier: Apache-2.0 */
/* plan.c: nodes in an order that keeps those of one part of the chip together, cut into clusters,
 * and who wakes whom.
 *
 * A node that reads something that changes in most cycles (rates.txt) is awake: asking would cost
 * more than it saves. The others sleep, in clusters of one module, or of a larger part of the chip
 * for those that seldom wake. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "wake.h"

enum { AWAKE_KEY = 0 };

/* "a.b.c" of a variable's place in the hierarchy, to a depth; Verilator's own prefixes go. */
static void place_of(const struct variable *variable, int depth, char *out, size_t room) {
  static const char *const prefixes[] = {"__Vdlyvset__", "__Vdlyvdim0__", "__Vdlyvval__",
                                         "__Vdlyvlsb__", "__Vdly__",      "__PVT__"};
  const char *from = variable->base;
  for (size_t n = 0; n < sizeof prefixes / sizeof prefixes[0]; n++) {
    const size_t length = strlen(prefixes[n]);
    from += strncmp(from, prefixes[n], length) == 0 ? length : 0;
  }
  size_t used = 0;
  out[0] = '\0';
  for (int n = 0; n < depth; n++) {
    const char *end = strstr(from, "__DOT__");
    if (end == NULL || used + (size_t)(end - from) + 2 > room) {
      return;
    }
    used += (size_t)snprintf(out + used, room - used, "%.*s.", (int)(end - from), from);
    from = end + strlen("__DOT__");
  }
}

static int key_number(struct model *model, const char *name) {
  if (model->keys.count == 0) {
    table_set(&model->keys, "awake", AWAKE_KEY);
  }
  int key = table_get(&model->keys, name);
  if (key < 0) {
    key = model->keys.count;
    table_set(&model->keys, name, key);
  }
  return key;
}

/* The key of most of what a node writes, or of what it reads if it writes nothing. */
static void set_key(struct model *model, const struct side *side, struct wake_node *node) {
  const struct statement *whole = &node->whole;
  int percent = 0;
  for (int n = 0; n < whole->reads.count; n++) {
    const struct variable *v = &side->variables[whole->reads.at[n]];
    percent = v->percent > percent ? v->percent : percent;
  }
  node->awake = whole->always || percent >= WAKE_AWAKE;
  const bool seldom = percent < WAKE_SELDOM;
  const int depth = (seldom ? 3 : 4) + (side->side == WAKE_ROOT);
  const struct wake_list *from = whole->writes.count > 0 ? &whole->writes : &whole->reads;
  int best = 0;
  for (int n = 0; n < from->count; n++) {
    char name[1024];
    char other[1024];
    int votes = 0;
    place_of(&side->variables[from->at[n]], depth, name, sizeof name);
    for (int k = 0; k < from->count; k++) {
      place_of(&side->variables[from->at[k]], depth, other, sizeof other);
      votes += strcmp(name, other) == 0;
    }
    if (votes > best) {
      char key[1100];
      (void)snprintf(key, sizeof key, "%d %s%s", side->side, seldom ? "seldom " : "", name);
      node->key = key_number(model, key);
      best = votes;
    }
  }
}

/* One order of the nodes; nodes that are ready are kept by key. */
struct node_order {
  struct wake_segment *segment;
  struct wake_list *ready; /* of each key: nodes */
  int keys;
  struct cluster *clusters;
  int count;
};

static int node_key(const struct wake_node *node) {
  return node->awake ? AWAKE_KEY : node->key;
}

/* The awake ones while there are any, then the key of most statements. */
static int next_key(const struct node_order *order) {
  int best = -1;
  int most = 0;
  for (int key = 0; key < order->keys; key++) {
    int cost = order->ready[key].count;
    for (int n = 0; n < order->ready[key].count; n++) {
      cost += order->segment->nodes[order->ready[key].at[n]].whole.cost;
    }
    if (cost > 0 && key == AWAKE_KEY) {
      return key;
    }
    if (cost > most) {
      most = cost;
      best = key;
    }
  }
  return best;
}

/* The ready node of a key that comes first in the text. */
static int take(const struct node_order *order, struct wake_list *ready) {
  int best = 0;
  for (int n = 1; n < ready->count; n++) {
    best = order->segment->nodes[ready->at[n]].statements.at[0] <
                   order->segment->nodes[ready->at[best]].statements.at[0]
               ? n
               : best;
  }
  const int node = ready->at[best];
  ready->at[best] = ready->at[--ready->count];
  return node;
}

static void run_order(struct node_order *order) {
  struct wake_node *nodes = order->segment->nodes;
  int key = -1;
  for (;;) {
    const bool none = key < 0 || order->ready[key].count == 0;
    key = none ? next_key(order) : key;
    if (key < 0) {
      return;
    }
    if (none || (key != AWAKE_KEY && order->clusters[order->count - 1].cost >= WAKE_CLUSTER)) {
      order->clusters =
          wake_grow(order->clusters, (size_t)order->count + 1, sizeof *order->clusters);
      order->clusters[order->count++] = (struct cluster){.awake = key == AWAKE_KEY};
    }
    struct cluster *cluster = &order->clusters[order->count - 1];
    const int node = take(order, &order->ready[key]);
    list_add(&cluster->nodes, node);
    cluster->cost += nodes[node].whole.cost;
    for (int n = 0; n < nodes[node].next.count; n++) {
      struct wake_node *after = &nodes[nodes[node].next.at[n]];
      if (--after->before == 0) {
        list_add(&order->ready[node_key(after)], nodes[node].next.at[n]);
      }
    }
  }
}

static void order_nodes(struct model *model, struct node_order *order) {
  struct wake_segment *segment = order->segment;
  order->keys = model->keys.count;
  order->ready = calloc((size_t)order->keys + 1, sizeof *order->ready);
  if (order->ready == NULL) {
    wake_fail("no memory for %d keys", order->keys);
  }
  for (int n = 0; n < segment->node_count; n++) {
    for (int k = 0; k < segment->nodes[n].next.count; k++) {
      segment->nodes[segment->nodes[n].next.at[k]].before++;
    }
  }
  for (int n = 0; n < segment->node_count; n++) {
    if (segment->nodes[n].before == 0) {
      list_add(&order->ready[node_key(&segment->nodes[n])], n);
    }
  }
  run_order(order);
  for (int n = 0; n < order->keys; n++) {
    list_free(&order->ready[n]);
  }
  free(order->ready);
}

/* Clusters not worth being asked are awake from now on; whether there were any. */
static bool wake_small(const struct side *side, struct node_order *order) {
  bool any = false;
  for (int n = 0; n < order->count; n++) {
    struct cluster *cluster = &order->clusters[n];
    for (int k = 0; !cluster->awake && cluster->cost <= WAKE_FEW && k < cluster->nodes.count; k++) {
      struct wake_node *node = &order->segment->nodes[cluster->nodes.at[k]];
      bool wide = false;
      for (int w = 0; w < node->whole.writes.count; w++) {
        wide = wide || side->variables[node->whole.writes.at[w]].words > 0;
      }
      any = any || !wide;
      node->awake = node->awake || !wide;
    }
  }
  return any;
}

static void read_cluster(struct model *model, struct side *side, struct wake_segment *segment,
                         struct cluster *cluster) {
  struct wake_text text = {0};
  for (int n = 0; n < cluster->nodes.count; n++) {
    const char *node = segment->nodes[cluster->nodes.at[n]].whole.text;
    text_put(&text, node, strlen(node));
  }
  struct statement whole = {.text = text.data};
  statement_analyse(model, side, &whole);
  cluster->reads = whole.reads;
  list_free(&whole.writes);
  list_free(&whole.arrays);
  free(text.data);
}

void clusters_make(struct model *model, struct side *side, int number) {
  struct wake_segment *segment = &model->segments[number];
  struct node_order order = {.segment = segment};
  for (int n = 0; n < segment->node_count; n++) {
    set_key(model, side, &segment->nodes[n]);
  }
  for (int round = 0; round <= WAKE_ROUNDS; round++) {
    for (int n = 0; n < order.count; n++) {
      list_free(&order.clusters[n].nodes);
    }
    order.count = 0;
    order_nodes(model, &order);
    if (round == WAKE_ROUNDS || !wake_small(side, &order)) {
      break;
    }
  }
  side->clusters = wake_grow(side->clusters, (size_t)(side->cluster_count + order.count),
                             sizeof *side->clusters);
  for (int n = 0; n < order.count; n++) {
    struct cluster *cluster = &side->clusters[side->cluster_count++];
    *cluster = order.clusters[n];
    cluster->segment = number;
    read_cluster(model, side, segment, cluster);
  }
  free(order.clusters);
}

void clusters_connect(struct side *side) {
  side->readers = calloc((size_t)side->count + 1, sizeof *side->readers);
  side->shadow = wake_grow(NULL, (size_t)side->count, sizeof *side->shadow);
  if (side->readers == NULL) {
    wake_fail("no memory for %d variables", side->count);
  }
  for (int n = 0; n < side->count; n++) {
    side->shadow[n] = -1;
  }
  for (int n = 0; n < side->cluster_count; n++) {
    struct cluster *cluster = &side->clusters[n];
    if (cluster->awake) {
      continue;
    }
    cluster->bit = side->bits++;
    for (int k = 0; k < cluster->reads.count; k++) {
      list_add(&side->readers[cluster->reads.at[k]], n);
    }
  }
}
