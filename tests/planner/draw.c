/* SPDX-License-Identifier: Apache-2.0 */
/* draw: see draw.h. */
#include "draw.h"

#include <string.h>

#include "support/random_network.h"

/* Small configurations are drawn more often: their simulation is the fastest. */
static const struct {
  struct draw_chip chip;
  uint32_t percent;
} chips[] = {{{"nano", 2, 4, 40}, 40},
             {{"ulx3s", 2, 32, 64}, 20},
             {{"duo", 2, 64, 96}, 28},
             {{"quad", 4, 64, 64}, 12}};

static uint32_t number(struct seed_stream *stream, uint32_t low, uint32_t high) {
  return (uint32_t)seed_uniform(stream, low, high);
}

static uint32_t width_of(struct seed_stream *stream, uint32_t widest) {
  return (uint32_t)seed_log_uniform(stream, 1, widest);
}

/* A chain of layers from tensor `source` into a new one, or into a part of one. */
static void add_chain(struct draw *draw, struct seed_stream *stream, struct trine_chain chain,
                      uint32_t lstms, uint32_t denses, uint32_t widest) {
  struct trine_network *network = &draw->network;
  const struct trine_tensor *source = &draw->tensors[chain.source];
  uint32_t width = 0;
  for (uint32_t p = 0; p < source->part_count; p++) {
    width += source->part_width[p];
  }
  chain.first_layer = network->layer_count;
  chain.layer_count = lstms + denses;
  for (uint32_t n = 0; n < chain.layer_count; n++) {
    const uint32_t units = width_of(stream, widest);
    draw->layers[network->layer_count] = n < lstms ? random_lstm(stream, width, units, false)
                                                   : random_dense(stream, width, units, false);
    network->layer_count++;
    width = units;
  }
  struct trine_tensor *target = &draw->tensors[chain.target];
  target->part_width[target->part_count++] = width;
  network->tensor_count =
      chain.target >= network->tensor_count ? chain.target + 1 : network->tensor_count;
  draw->chains[network->chain_count++] = chain;
}

/* LSTMs with heads behind them, in one chain. */
static void draw_stack(struct draw *draw, struct seed_stream *stream, uint32_t widest) {
  const uint32_t lstms = number(stream, 0, 3);
  const uint32_t denses = lstms == 0 ? number(stream, 1, 3) : number(stream, 0, 1);
  add_chain(draw, stream,
            (struct trine_chain){.target = 1,
                                 .last_only = number(stream, 0, 1) == 1,
                                 .reversed = number(stream, 0, 5) == 0},
            lstms, denses, widest);
}

/* Two directions, once or twice, and a head: over all rows or the last ones. */
static void draw_both_ways(struct draw *draw, struct seed_stream *stream, uint32_t widest) {
  const uint32_t levels = number(stream, 1, 2);
  const bool last = number(stream, 0, 1) == 1;
  for (uint32_t level = 0; level < levels; level++) {
    for (uint32_t d = 0; d < 2; d++) {
      add_chain(draw, stream,
                (struct trine_chain){.source = level,
                                     .target = level + 1,
                                     .target_part = d,
                                     .reversed = d == 1,
                                     .last_only = last && level + 1 == levels},
                1, 0, widest);
    }
  }
  if (number(stream, 0, 3) > 0) {
    add_chain(draw, stream, (struct trine_chain){.source = levels, .target = levels + 1}, 0, 1,
              widest);
  }
}

/* Chains behind each other, a stage each; once one answers once a sequence, all behind it do. */
static void draw_stages(struct draw *draw, struct seed_stream *stream, uint32_t widest) {
  const uint32_t stages = number(stream, 2, 4);
  for (uint32_t n = 0; n < stages; n++) {
    const uint32_t lstms = number(stream, n == 0 ? 1 : 0, 1);
    add_chain(draw, stream,
              (struct trine_chain){.source = n,
                                   .target = n + 1,
                                   .last_only = number(stream, 0, 2) == 0,
                                   .reversed = number(stream, 0, 3) == 0},
              lstms, lstms == 0 ? 1 : number(stream, 0, 1), widest);
  }
}

static void draw_network(struct draw *draw, struct seed_stream *stream, uint32_t widest) {
  draw->tensors[0] = (struct trine_tensor){1, {width_of(stream, widest)}};
  draw->network = (struct trine_network){
      .tensor_count = 1, .tensors = draw->tensors, .layers = draw->layers, .chains = draw->chains};
  switch (number(stream, 0, 4)) {
    case 0:
      draw_stages(draw, stream, widest);
      break;
    case 1:
    case 2:
      draw_both_ways(draw, stream, widest);
      break;
    default:
      draw_stack(draw, stream, widest);
      break;
  }
}

/* Up to 600 sequences of a step or few, or a few longer ones; equal, ragged, or one of them long.
 * `most` steps in all, so that the simulation ends. */
static void draw_lengths(struct draw *draw, struct seed_stream *stream, uint32_t most) {
  static const uint32_t sequences[] = {1, 2, 8, 40, DRAW_SEQUENCES};
  const uint32_t kind = number(stream, 0, 4);
  draw->sequences = number(stream, 0, 3) == 0
                        ? sequences[number(stream, 0, 4)]
                        : (uint32_t)seed_log_uniform(stream, 1, DRAW_SEQUENCES);
  draw->sequences = draw->sequences < most ? draw->sequences : most;
  const uint32_t share = most / draw->sequences;
  const uint32_t longest = kind == 0 ? 1 : (uint32_t)seed_log_uniform(stream, 1, share);
  for (uint32_t n = 0; n < draw->sequences; n++) {
    draw->lengths[n] = kind <= 2 ? longest : number(stream, 1, longest);
  }
  if (kind == 4) {
    draw->lengths[number(stream, 0, draw->sequences - 1)] = longest;
  }
}

void draw_make(struct draw *draw, struct seed_stream *stream, const struct draw_chip *chip) {
  static const uint32_t memories[] = {4096, 4096, 1024, 512}; /* KiB: few rows fit a window */
  uint32_t percent = number(stream, 0, 99), which = 0;
  memset(draw, 0, sizeof *draw);
  while (percent >= chips[which].percent) {
    percent -= chips[which].percent;
    which++;
  }
  draw->chip = chip != NULL ? *chip : chips[which].chip;
  draw->memory_bytes = (uint64_t)memories[number(stream, 0, 3)] << 10;
  draw_network(draw, stream, draw->chip.widest);
  draw->is_kept = number(stream, 0, 3) == 0;
  uint64_t macs = 0; /* a step */
  for (uint32_t n = 0; n < draw->network.layer_count; n++) {
    const struct trine_layer *layer = &draw->layers[n];
    macs += (uint64_t)layer->units *
            (layer->kind == TRINE_LAYER_LSTM ? 4 * (layer->inputs + layer->units) : layer->inputs);
  }
  /* About 60,000 cycles on one core; a step of a small network is all waiting. */
  const uint64_t cycles = macs / draw->chip.products + 80;
  const uint64_t steps = 60000 / cycles + 1;
  draw_lengths(draw, stream, (uint32_t)(number(stream, 0, 9) == 0 ? 4 * steps : steps));
}

void draw_shape(struct draw *draw, struct seed_stream *stream) {
  const uint32_t all = draw->chip.cores;
  const enum trine_mode mode = (enum trine_mode)number(stream, 0, 3);
  const uint32_t least = mode == TRINE_MODE_SINGLE || mode == TRINE_MODE_HYBRID ? 1 : 2;
  const uint32_t cores = mode == TRINE_MODE_SINGLE ? 1 : number(stream, least, all);
  const uint32_t jobs = number(stream, 0, 4) == 0 ? all / cores : 1;
  draw->jobs = jobs <= draw->sequences ? jobs : 1;
  draw->shape =
      (struct trine_shape){.mode = mode,
                           .cores = cores,
                           .groups = mode == TRINE_MODE_HYBRID ? number(stream, 1, cores) : 1,
                           .copies = number(stream, 0, 1) == 0 ? 1 : number(stream, 1, 4)};
}

void draw_free(struct draw *draw) {
  for (uint32_t n = 0; n < draw->network.layer_count; n++) {
    random_layer_free(&draw->layers[n]);
  }
}

void draw_print(const struct draw *draw, FILE *file) {
  static const char *const modes[] = {"single", "multithreading", "helper", "hybrid"};
  uint32_t shortest = draw->lengths[0], longest = draw->lengths[0];
  for (uint32_t n = 0; n < draw->sequences; n++) {
    shortest = draw->lengths[n] < shortest ? draw->lengths[n] : shortest;
    longest = draw->lengths[n] > longest ? draw->lengths[n] : longest;
  }
  (void)fprintf(file, "%s, %llu KiB, %u x %s %u (%u groups, %u copies), %u x %u..%u steps%s:",
                draw->chip.config, (unsigned long long)draw->memory_bytes >> 10, draw->jobs,
                modes[draw->shape.mode], draw->shape.cores, draw->shape.groups, draw->shape.copies,
                draw->sequences, shortest, longest, draw->is_kept ? ", states" : "");
  for (uint32_t k = 0; k < draw->network.chain_count; k++) {
    const struct trine_chain *chain = &draw->chains[k];
    (void)fprintf(file, " %u>%u%s%s", chain->source, chain->target,
                  chain->reversed ? " backward" : "", chain->last_only ? " last" : "");
    for (uint32_t n = 0; n < chain->layer_count; n++) {
      const struct trine_layer *layer = &draw->layers[chain->first_layer + n];
      (void)fprintf(file, " %s%u-%u", layer->kind == TRINE_LAYER_LSTM ? "" : "dense ",
                    layer->inputs, layer->units);
    }
  }
  (void)fprintf(file, "\n");
}
