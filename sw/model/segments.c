/* SPDX-License-Identifier: Apache-2.0 */
/* segments: nodes to blocks (chains and host operators), blocks to segments. */
#include "model/segments.h"

#include <stddef.h>

/* Longest run of blocks that is tried as one network: bounds the work on hostile models. */
enum { MAX_RUN = 32 };

struct segment_builder {
  const struct compilation *c;
  struct segments *out;
  struct block_list list;
  bool *used; /* nodes already in a block */
};

/* The only node that reads a slot; NULL when there is none or more, or an output is it. */
static const struct node *only_reader(const struct segment_builder *b, uint32_t slot) {
  if (b->c->slots[slot].consumers != 1 || b->c->slots[slot].is_output) {
    return NULL;
  }
  for (uint32_t i = 0; i < b->c->node_count; i++) {
    const struct node *node = &b->c->nodes[i];
    for (uint32_t k = 0; k < node->source_count; k++) {
      if (node->sources[k] == slot) {
        return node;
      }
    }
  }
  return NULL;
}

static void use(struct segment_builder *b, const struct node *node) {
  b->used[node - b->c->nodes] = true;
}

static bool is_on_host(const struct node *node) {
  return node->u.layer->kind == TRINE_LAYER_LSTM &&
         node->u.layer->cell_exponent < TRINE_LEAST_DEVICE_CELL_EXPONENT;
}

/* Whether a layer starts where another one ended, so that it has to run after it. */
static bool goes_on(const struct segment_builder *b, const struct node *node) {
  return node->kind == NODE_LAYER && prepare_follows(b->c->graph, node->op) >= 0;
}

/* The layer that alone reads what a layer writes, and runs where it does; or NULL. */
static const struct node *next_layer(const struct segment_builder *b, const struct node *node) {
  const struct node *next = only_reader(b, node->target);
  return next != NULL && next->kind == NODE_LAYER && !goes_on(b, next) &&
                 is_on_host(next) == is_on_host(node)
             ? next
             : NULL;
}

/* Takes the layers from `node` on, as long as each is read by the next alone. */
static uint32_t take_layers(struct segment_builder *b, const struct node *node,
                            struct block *block) {
  block->first_layer = b->out->layer_count;
  block->on_host = is_on_host(node);
  for (;;) {
    b->out->layer_nodes[b->out->layer_count++] = node;
    block->layer_count++;
    block->target = node->target;
    use(b, node);
    const struct node *next = next_layer(b, node);
    if (next == NULL) {
      return node->target;
    }
    node = next;
  }
}

/* A view of rows of which there is one a step. */
static bool is_step_view(const struct segment_builder *b, const struct node *node) {
  return node != NULL && node->kind == NODE_VIEW && b->c->slots[node->sources[0]].rows == 1;
}

static bool is_reversal(const struct segment_builder *b, const struct node *node) {
  return is_step_view(b, node) && view_is_reversal(node->u.view);
}

static bool is_last_step(const struct segment_builder *b, const struct node *node) {
  return is_step_view(b, node) && view_is_last_step(node->u.view);
}

/* Where the layers from `node` on would end, without taking them. */
static uint32_t end_of_layers(const struct segment_builder *b, const struct node *node) {
  for (;;) {
    const struct node *next = next_layer(b, node);
    if (next == NULL) {
      return node->target;
    }
    node = next;
  }
}

/* A reversal, layers, and a reversal (or the last step, which reads the same row): its first layer,
 * or NULL. */
static const struct node *reversed_layers(const struct segment_builder *b,
                                          const struct node *node) {
  if (!is_reversal(b, node)) {
    return NULL;
  }
  const struct node *first = only_reader(b, node->target);
  if (first == NULL || first->kind != NODE_LAYER || goes_on(b, first)) {
    return NULL;
  }
  const struct node *after = only_reader(b, end_of_layers(b, first));
  return is_reversal(b, after) || is_last_step(b, after) ? first : NULL;
}

static void add_block(struct segment_builder *b, const struct node *node) {
  struct block *block = &b->list.blocks[b->list.count++];
  const struct node *first = node->kind == NODE_LAYER ? node : reversed_layers(b, node);
  use(b, node);
  if (first == NULL) {
    block->host = node;
    return;
  }
  block->reversed = first != node;
  block->source = node->sources[0];
  block->goes_on = goes_on(b, first);
  const uint32_t start = b->out->layer_count;
  const struct node *after = only_reader(b, take_layers(b, first, block));
  for (uint32_t i = start; i < b->out->layer_count; i++) {
    b->out->layer_reversed[i] = block->reversed;
  }
  block->last_only = is_last_step(b, after);
  if (block->last_only || (block->reversed && is_reversal(b, after))) {
    use(b, after);
    block->target = after->target;
  }
}

static bool add_segment(struct segment_builder *b, uint32_t first, uint32_t *last) {
  struct segment *segment = &b->out->list[b->out->count++];
  const struct block *block = &b->list.blocks[first];
  struct run_ends ends;
  *last = first + MAX_RUN < b->list.count ? first + MAX_RUN : b->list.count - 1;
  while (*last > first && !run_is_network(&b->list, first, *last, &ends)) {
    (*last)--;
  }
  if (block->host != NULL) {
    segment->host = block->host;
    for (uint32_t i = 0; i < block->host->source_count; i++) {
      b->out->slot_stored[block->host->sources[i]] = true;
    }
    b->out->slot_stored[block->host->target] = true;
    return true;
  }
  if (*last == first) {
    ends = (struct run_ends){block->source, block->target};
  }
  segment->source = ends.source;
  segment->target = ends.target;
  segment->on_host = block->on_host;
  segment->first_layer = block->first_layer;
  segment->network = run_build(&b->list, first, *last, ends, b->out->layer_nodes);
  b->out->slot_stored[ends.source] = b->out->slot_stored[ends.target] = true;
  return segment->network != NULL;
}

bool segments_build(const struct compilation *c, struct segments *segments) {
  struct segment_builder b = {.c = c, .out = segments, .list = {.c = c}};
  const uint32_t nodes = c->node_count;
  b.list.blocks = arena_alloc(c->arena, nodes, sizeof *b.list.blocks);
  b.used = arena_alloc(c->arena, nodes, sizeof(bool));
  segments->list = arena_alloc(c->arena, nodes, sizeof *segments->list);
  segments->layer_nodes = arena_alloc(c->arena, nodes, sizeof *segments->layer_nodes);
  segments->layer_reversed = arena_alloc(c->arena, nodes, sizeof(bool));
  segments->slot_stored = arena_alloc(c->arena, c->slot_count, sizeof(bool));
  if (b.list.blocks == NULL || b.used == NULL || segments->list == NULL ||
      segments->layer_nodes == NULL || segments->layer_reversed == NULL ||
      segments->slot_stored == NULL) {
    return false;
  }
  for (uint32_t i = 0; i < nodes; i++) {
    if (!b.used[i]) {
      add_block(&b, &c->nodes[i]);
    }
  }
  for (uint32_t i = 0; i < b.list.count; i++) {
    if (!add_segment(&b, i, &i)) {
      return false;
    }
  }
  return true;
}
