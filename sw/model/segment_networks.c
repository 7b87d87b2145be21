/* SPDX-License-Identifier: Apache-2.0 */
/* segment_networks: whether a run of blocks is one network, and its description. */
#include <stddef.h>

#include "model/segments.h"

/* The block of the run that writes a slot, or NULL. */
static const struct block *writer_of(const struct block_list *list, uint32_t first, uint32_t last,
                                     uint32_t slot) {
  for (uint32_t i = first; i <= last; i++) {
    const struct block *block = &list->blocks[i];
    if ((block->host != NULL ? block->host->target : block->target) == slot) {
      return block;
    }
  }
  return NULL;
}

static uint32_t readers_inside(const struct block_list *list, uint32_t first, uint32_t last,
                               uint32_t slot) {
  uint32_t count = 0;
  for (uint32_t i = first; i <= last; i++) {
    const struct block *block = &list->blocks[i];
    if (block->host == NULL) {
      count += block->source == slot;
    }
    for (uint32_t k = 0; block->host != NULL && k < block->host->source_count; k++) {
      count += block->host->sources[k] == slot;
    }
  }
  return count;
}

/* A concatenation of rows that chains of the run write, each read by it alone. */
static bool is_joint(const struct block_list *list, uint32_t first, uint32_t last,
                     const struct node *node) {
  if (node->kind != NODE_CONCAT || !node->joins || node->source_count > TRINE_MAX_PARTS) {
    return false;
  }
  bool last_only = false;
  for (uint32_t i = 0; i < node->source_count; i++) {
    const struct block *writer = writer_of(list, first, last, node->sources[i]);
    if (writer == NULL || writer->host != NULL) {
      return false;
    }
    const struct slot *slot = &list->c->slots[node->sources[i]];
    if (slot->consumers != 1 || slot->rows != 1) {
      return false;
    }
    if (i > 0 && writer->last_only != last_only) {
      return false;
    }
    last_only = writer->last_only;
  }
  return true;
}

/* Whether the rows of a slot are one a sequence where the network's own are one a step. */
static bool is_single_row(const struct block_list *list, uint32_t slot, uint32_t source) {
  return list->c->slots[slot].size.time != list->c->slots[source].size.time;
}

static bool find_source(const struct block_list *list, uint32_t first, uint32_t last,
                        uint32_t *source) {
  bool found = false;
  for (uint32_t i = first; i <= last; i++) {
    const struct block *block = &list->blocks[i];
    if (block->host != NULL) {
      if (!is_joint(list, first, last, block->host)) {
        return false;
      }
      continue;
    }
    if (writer_of(list, first, last, block->source) != NULL) {
      continue;
    }
    if (found && *source != block->source) {
      return false;
    }
    *source = block->source;
    found = true;
  }
  return found;
}

bool run_is_network(const struct block_list *list, uint32_t first, uint32_t last,
                    struct run_ends *ends) {
  bool found = false;
  if (!find_source(list, first, last, &ends->source)) {
    return false;
  }
  for (uint32_t i = first; i <= last; i++) {
    if (list->blocks[i].goes_on && last > first) {
      return false;
    }
  }
  for (uint32_t i = first; i <= last; i++) {
    const struct block *block = &list->blocks[i];
    const uint32_t target = block->host != NULL ? block->host->target : block->target;
    const uint32_t inside = readers_inside(list, first, last, target);
    if (inside == 0 || inside != list->c->slots[target].consumers) {
      if (found || inside != 0) {
        return false; /* a second result, or one that is read inside too */
      }
      ends->target = target;
      found = true;
    }
    /* A single row is a result; layers that read it run as a network of their own. */
    if (block->host == NULL && (is_single_row(list, block->source, ends->source) ||
                                block->on_host != list->blocks[first].on_host)) {
      return false;
    }
  }
  return found;
}

/* The concatenation of the run that reads a slot: the tensor is its target, the slot a part. */
static uint32_t tensor_slot(const struct block_list *list, uint32_t first, uint32_t last,
                            uint32_t slot, uint32_t *part) {
  *part = 0;
  for (uint32_t i = first; i <= last; i++) {
    const struct node *node = list->blocks[i].host;
    for (uint32_t k = 0; node != NULL && k < node->source_count; k++) {
      if (node->sources[k] != slot) {
        continue;
      }
      *part = k;
      return node->target;
    }
  }
  return slot;
}

struct network_parts {
  struct trine_network *network;
  struct trine_tensor *tensors;
  struct trine_chain *chains;
  struct trine_layer *layers;
  uint32_t *slots; /* of the tensors */
};

static uint32_t find_tensor(const struct network_parts *p, uint32_t slot) {
  uint32_t i = 0;
  while (p->slots[i] != slot) {
    i++;
  }
  return i;
}

static uint32_t row_width(const struct block_list *list, uint32_t slot) {
  return (uint32_t)(list->c->slots[slot].size.n / list->c->slots[slot].rows);
}

static void add_tensor(const struct block_list *list, struct network_parts *p, uint32_t slot,
                       const struct node *joint) {
  struct trine_tensor *tensor = &p->tensors[p->network->tensor_count];
  p->slots[p->network->tensor_count++] = slot;
  tensor->part_count = joint == NULL ? 1 : joint->source_count;
  tensor->part_width[0] = row_width(list, slot);
  for (uint32_t k = 0; joint != NULL && k < joint->source_count; k++) {
    tensor->part_width[k] = row_width(list, joint->sources[k]);
  }
}

/* All tensors: the source, those in between, and the target last. */
static void add_tensors(const struct block_list *list, uint32_t first, uint32_t last,
                        struct run_ends ends, struct network_parts *p) {
  const struct node *last_joint = NULL;
  uint32_t part = 0;
  add_tensor(list, p, ends.source, NULL);
  for (uint32_t i = first; i <= last; i++) {
    const struct block *block = &list->blocks[i];
    const uint32_t slot = block->host != NULL ? block->host->target : block->target;
    if (slot == ends.target) {
      last_joint = block->host;
    } else if (block->host != NULL || tensor_slot(list, first, last, slot, &part) == slot) {
      add_tensor(list, p, slot, block->host);
    }
  }
  add_tensor(list, p, ends.target, last_joint);
}

static void add_chain(const struct block_list *list, uint32_t first, uint32_t last,
                      const struct block *block, const struct node *const *layer_nodes,
                      struct network_parts *p) {
  struct trine_chain *chain = &p->chains[p->network->chain_count++];
  chain->source = find_tensor(p, block->source);
  chain->target =
      find_tensor(p, tensor_slot(list, first, last, block->target, &chain->target_part));
  chain->reversed = block->reversed;
  chain->last_only = block->last_only;
  chain->first_layer = p->network->layer_count;
  chain->layer_count = block->layer_count;
  for (uint32_t i = 0; i < block->layer_count; i++) {
    p->layers[p->network->layer_count++] = *layer_nodes[block->first_layer + i]->u.layer;
  }
}

const struct trine_network *run_build(const struct block_list *list, uint32_t first, uint32_t last,
                                      struct run_ends ends, const struct node *const *layer_nodes) {
  struct network_parts p;
  uint32_t layers = 0;
  for (uint32_t i = first; i <= last; i++) {
    layers += list->blocks[i].layer_count;
  }
  const uint32_t blocks = last - first + 1;
  p.network = arena_alloc(list->c->arena, 1, sizeof *p.network);
  p.tensors = arena_alloc(list->c->arena, blocks + 1, sizeof *p.tensors);
  p.slots = arena_alloc(list->c->arena, blocks + 1, sizeof *p.slots);
  p.chains = arena_alloc(list->c->arena, blocks, sizeof *p.chains);
  p.layers = arena_alloc(list->c->arena, layers, sizeof *p.layers);
  if (p.network == NULL || p.tensors == NULL || p.slots == NULL || p.chains == NULL ||
      p.layers == NULL) {
    return NULL;
  }
  p.network->tensors = p.tensors;
  p.network->chains = p.chains;
  p.network->layers = p.layers;
  add_tensors(list, first, last, ends, &p);
  for (uint32_t i = first; i <= last; i++) {
    if (list->blocks[i].host == NULL) {
      add_chain(list, first, last, &list->blocks[i], layer_nodes, &p);
    }
  }
  return p.network;
}
