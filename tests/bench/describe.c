/* SPDX-License-Identifier: Apache-2.0 */
/* describe: see describe.h. */
#include "describe.h"

#include <stdio.h>

#include "trine_regs.h"

enum { TEXT_BYTES = 640 };

void describe_layers(cJSON *object, const struct trine_network *network) {
  cJSON *layers = cJSON_AddArrayToObject(object, "layers");
  cJSON_AddNumberToObject(object, "chains", network->chain_count);
  for (uint32_t n = 0; n < network->layer_count; n++) {
    cJSON *layer = cJSON_CreateObject();
    cJSON_AddItemToArray(layers, layer);
    cJSON_AddStringToObject(layer, "kind",
                            network->layers[n].kind == TRINE_LAYER_LSTM ? "lstm" : "dense");
    cJSON_AddNumberToObject(layer, "inputs", network->layers[n].inputs);
    cJSON_AddNumberToObject(layer, "units", network->layers[n].units);
  }
}

void describe_placement(cJSON *object, const struct trine_network *network,
                        const struct trine_placement *placement) {
  cJSON *layers = cJSON_AddArrayToObject(object, "placement");
  for (uint32_t line = 0; line < network->layer_count * placement->copies; line++) {
    char text[TEXT_BYTES] = "";
    size_t at = 0;
    for (uint32_t rank = 0; rank < placement->ranks; rank++) {
      const struct trine_slice slice = placement->slice[line][rank];
      if (slice.count > 0 && at < sizeof text) {
        at += (size_t)snprintf(text + at, sizeof text - at, "%srank %u: %u..%u", at > 0 ? ", " : "",
                               rank, slice.first, slice.first + slice.count - 1u);
      }
    }
    cJSON_AddItemToArray(layers, cJSON_CreateString(text));
  }
}

static void describe_core(cJSON *cores, uint32_t core, const uint64_t counters[TRINE_COUNTERS],
                          uint64_t macs, uint64_t slots_a_cycle) {
  static const struct {
    enum trine_count counter;
    const char *name;
  } causes[] = {
      {TRINE_COUNT_MAC, "mac"},       {TRINE_COUNT_INPUT, "input"},   {TRINE_COUNT_H, "h"},
      {TRINE_COUNT_ROOM, "room"},     {TRINE_COUNT_BUS, "bus"},       {TRINE_COUNT_TAIL, "tail"},
      {TRINE_COUNT_MEMORY, "memory"}, {TRINE_COUNT_SWITCH, "switch"}, {TRINE_COUNT_IDLE, "idle"}};
  cJSON *one = cJSON_CreateObject();
  cJSON_AddItemToArray(cores, one);
  cJSON_AddNumberToObject(one, "core", core);
  cJSON_AddNumberToObject(one, "cycles", (double)counters[TRINE_COUNT_CYCLES]);
  cJSON_AddNumberToObject(one, "macs", (double)macs);
  cJSON_AddNumberToObject(one, "padding_slots",
                          (double)(counters[TRINE_COUNT_MAC] * slots_a_cycle - macs));
  for (size_t n = 0; n < sizeof causes / sizeof causes[0]; n++) {
    cJSON_AddNumberToObject(one, causes[n].name, (double)counters[causes[n].counter]);
  }
}

void describe_run(cJSON *object, const struct trine_info *info, const struct trine_stats *stats,
                  uint32_t jobs) {
  uint64_t cycles = 0, load_cycles = 0, macs = 0, limit = 0, runs = 0, mac_cycles = 0;
  uint32_t cores = 0;
  if (jobs == 0) {
    return; /* nothing ran: no figures */
  }
  for (uint32_t n = 0; n < jobs; n++) {
    cycles = stats[n].cycles > cycles ? stats[n].cycles : cycles;
    load_cycles = stats[n].load_cycles > load_cycles ? stats[n].load_cycles : load_cycles;
    macs += stats[n].macs;
    limit += stats[n].limit_cycles * stats[n].cores; /* in cycles of one core */
    cores += stats[n].cores;
    runs += stats[n].runs;
  }
  limit = cores == 0 ? limit : (limit + cores - 1) / cores;
  cJSON_AddNumberToObject(object, "cycles", (double)cycles);
  cJSON_AddNumberToObject(object, "load_cycles", (double)load_cycles);
  cJSON_AddNumberToObject(object, "macs", (double)macs);
  cJSON_AddNumberToObject(object, "limit_cycles", (double)limit);
  cJSON_AddNumberToObject(object, "utilisation", (double)limit / (double)cycles);
  cJSON_AddNumberToObject(object, "device_runs", (double)runs);
  cJSON *lost = cJSON_CreateArray();
  uint32_t core = 0;
  for (uint32_t n = 0; n < jobs; n++) {
    for (uint32_t rank = 0; rank < stats[n].cores; rank++) {
      describe_core(lost, core, stats[n].counters[rank], stats[n].rank_macs[rank],
                    (uint64_t)info->lanes * info->macs_per_lane);
      mac_cycles += stats[n].counters[rank][TRINE_COUNT_MAC];
      core++;
    }
  }
  const uint64_t slots = mac_cycles * info->lanes * info->macs_per_lane;
  cJSON_AddNumberToObject(object, "mac_cycles", (double)mac_cycles);
  cJSON_AddNumberToObject(object, "padding_slots", (double)(slots - macs));
  cJSON_AddItemToObject(object, "lost", lost);
}
