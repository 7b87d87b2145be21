/* SPDX-License-Identifier: Apache-2.0 */
/* model_plan_text: a placement written as text, see model_plan.h. */
#include "session/model_plan_parts.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* One layer's part of the text: its cores in ascending order, units 0 where none are given. */
struct plan_text_part {
  uint32_t count;
  uint32_t core[TRINE_MAX_CORES], units[TRINE_MAX_CORES];
};

static bool take_number(const char **at, uint32_t most, uint32_t *number) {
  char *end = NULL;
  errno = 0;
  const unsigned long value = strtoul(*at, &end, 10);
  if (**at < '0' || **at > '9' || errno != 0 || value > most) {
    return false;
  }
  *number = (uint32_t)value;
  *at = end;
  return true;
}

/* CORE or CORE:UNITS, joined by +; *at is moved behind it. */
static bool take_part(const char **at, uint32_t cores, struct plan_text_part *part,
                      const struct trine_model_layer *layer, struct trine_error *error) {
  const char *start = *at;
  *part = (struct plan_text_part){.count = 0};
  do {
    uint32_t *core = &part->core[part->count], *units = &part->units[part->count];
    *at += part->count > 0;
    if (!take_number(at, cores - 1, core)) {
      trine_error_set(
          error, "The placement of layer %.60s: '%.40s' does not begin with a core from 0 to %u.",
          layer->name, *at, cores - 1);
      return false;
    }
    if (**at == ':') {
      const char *given = ++*at;
      if (!take_number(at, layer->units, units) || *units == 0) {
        trine_error_set(error,
                        "The placement of layer %.60s: core %u takes 1 to %u units, not '%.40s'.",
                        layer->name, *core, layer->units, given);
        return false;
      }
    }
    if (part->count > 0 && (*core <= core[-1] || (*units == 0) != (units[-1] == 0))) {
      trine_error_set(
          error,
          "The placement of layer %.60s: '%.40s' has to name cores in ascending order, all with "
          "units or none.",
          layer->name, start);
      return false;
    }
    part->count++;
  } while (**at == '+' && part->count < TRINE_MAX_CORES);
  return true;
}

/* Units of each core: as given, or as many whole groups of rows as are fair. */
static bool set_slices(const struct trine_info *info, const struct trine_model_layer *layer,
                       const struct plan_text_part *part, struct trine_slice *slices,
                       struct trine_error *error) {
  const uint32_t granule =
      layer->kind == TRINE_LAYER_LSTM ? info->lanes / TRINE_GATES : info->lanes;
  const uint32_t groups = (layer->units + granule - 1) / granule;
  uint32_t first = 0;
  for (uint32_t n = 0; n < part->count; n++) {
    const uint32_t share = (groups / part->count + (n < groups % part->count)) * granule;
    const uint32_t left = layer->units - first;
    uint32_t count;
    if (part->units[n] > 0) {
      count = part->units[n];
    } else if (share < left) {
      count = share;
    } else {
      count = left;
    }
    if (count > left || (count % granule != 0 && count != left)) {
      trine_error_set(error,
                      "The placement of layer %.60s: core %u gets %u of the %u units left; a slice "
                      "is a multiple of %u, or all that is left.",
                      layer->name, part->core[n], count, left, granule);
      return false;
    }
    slices[part->core[n]] = (struct trine_slice){(uint16_t)first, (uint16_t)count};
    first += count;
  }
  if (first != layer->units) {
    trine_error_set(error, "The placement of layer %.60s: its cores have %u units, it has %u.",
                    layer->name, first, layer->units);
  }
  return first == layer->units;
}

/* What a placement is called. */
static enum trine_mode mode_of(const struct trine_placement *placement) {
  bool whole = true, everywhere = true;
  for (uint32_t n = 0; n < placement->layer_count; n++) {
    uint32_t used = 0;
    for (uint32_t r = 0; r < placement->ranks; r++) {
      used += placement->slice[n][r].count > 0;
    }
    whole = whole && used == 1;
    everywhere = everywhere && used == placement->ranks;
  }
  if (placement->ranks == 1) {
    return TRINE_MODE_SINGLE;
  }
  if (everywhere) {
    return TRINE_MODE_HELPER;
  }
  if (whole) {
    return TRINE_MODE_MULTITHREADING;
  }
  return TRINE_MODE_HYBRID;
}

/* What the placements are, and how many cores they have. */
static void name_plan(struct trine_model_plan *plan) {
  plan->cores = 0;
  for (uint32_t n = 0; n < plan->count; n++) {
    struct trine_placement *placement = &plan->networks[n].placement;
    if (plan->networks[n].network != NULL) {
      placement->mode = mode_of(placement);
      plan->cores = placement->ranks > plan->cores ? placement->ranks : plan->cores;
      plan->mode = placement->mode;
    }
  }
}

enum trine_status model_plan_read(const struct trine_target *target, const char *text,
                                  struct trine_model_plan *plan, struct trine_error *error) {
  const struct trine_info *info = &target->info;
  const uint32_t layer_count = trine_model_info(plan->model)->layer_count;
  const char *at = text;
  for (uint32_t n = 0; n < plan->count; n++) {
    const struct trine_network *network = plan->networks[n].network;
    plan->networks[n].placement = (struct trine_placement){
        .copies = 1, .layer_count = network != NULL ? network->layer_count : 0};
  }
  for (uint32_t n = 0; n < layer_count; n++) {
    const struct trine_model_layer *layer = trine_model_layer(plan->model, n);
    struct trine_placement *placement = &plan->networks[layer->segment].placement;
    struct plan_text_part part;
    if (n > 0 && *at++ != ',') {
      trine_error_set(error, "The placement names %u layers, the model has %u.", n, layer_count);
      return TRINE_ERR_ARG;
    }
    if (!take_part(&at, info->cores, &part, layer, error) ||
        !set_slices(info, layer, &part, placement->slice[layer->network_layer], error)) {
      return TRINE_ERR_ARG;
    }
    const uint32_t ranks = part.core[part.count - 1] + 1;
    placement->ranks = ranks > placement->ranks ? ranks : placement->ranks;
  }
  if (*at != '\0') {
    trine_error_set(error, "The placement: '%.40s' comes after the last of the %u layers.", at,
                    layer_count);
    return TRINE_ERR_ARG;
  }
  name_plan(plan);
  return TRINE_OK;
}
