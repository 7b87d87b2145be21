/* SPDX-License-Identifier: Apache-2.0 */
/* compile: puts an image together: its head, where everything lies, its data; tables.c fills the
 * tables. */
#include <string.h>

#include "compiler/builder.h"
#include "program/assemble.h"

_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "images are made in place");

enum { DEFAULT_ROWS_BYTES = 4 << 20, PROGRAM_ALIGN = 64 };

static uint32_t lstm_instances(const struct trine_builder *builder) {
  uint32_t count = 0;
  for (uint32_t n = 0; n < trine_layer_instances(builder->network, builder->placement); n++) {
    count += trine_instance_layer(builder->network, n)->kind == TRINE_LAYER_LSTM;
  }
  return count;
}

static uint32_t names_bytes(const struct trine_network *network) {
  size_t bytes = 0;
  for (uint32_t n = 0; n < network->layer_count; n++) {
    bytes += strlen(network->layers[n].name) + 1;
  }
  return bytes < UINT32_MAX / 2 ? (uint32_t)(bytes + 3) / 4 * 4 : UINT32_MAX / 2;
}

/* Where the tables are, in the order of the head's offsets, and the program's room, if it is to be
 * in the image; the bytes of all but the data. */
static uint64_t lay_tables(struct trine_image *head, uint32_t words, uint32_t names,
                           enum trine_image_form form) {
  uint64_t at = sizeof *head;
  const struct {
    uint32_t *offset;
    uint64_t bytes;
  } tables[] = {{&head->tensors_at, head->tensor_count * sizeof(struct trine_image_tensor)},
                {&head->ranks_at, head->ranks * sizeof(struct trine_image_rank)},
                {&head->chains_at, trine_image_chains(head) * sizeof(struct trine_image_chain)},
                {&head->layers_at, head->layer_count * sizeof(struct trine_image_layer)},
                {&head->states_at, head->state_count * sizeof(struct trine_image_state)},
                {&head->words_at, (uint64_t)words * 4},
                {&head->names_at, names}};
  for (uint32_t n = 0; n < sizeof tables / sizeof tables[0]; n++) {
    *tables[n].offset = (uint32_t)at;
    at += tables[n].bytes;
  }
  const uint64_t align = form == TRINE_IMAGE_IN_PLACE ? TRINE_WINDOW_ALIGN : PROGRAM_ALIGN;
  at = (at + align - 1) / align * align;
  if (form == TRINE_IMAGE_IN_PLACE) {
    head->window_at = (uint32_t)at;
    at += head->program_bytes;
  }
  head->data_at = (uint32_t)at;
  return at;
}

/* Offsets in the window of what no batch changes. */
static enum trine_status lay_window(struct trine_builder *builder, uint32_t *state_offset) {
  const struct trine_info *info = &builder->target->info;
  const struct geometry geometry = trine_geometry(info);
  struct trine_image *head = &builder->head;
  const uint32_t align = info->mem_bytes;
  uint64_t at = head->program_bytes;
  for (uint32_t r = 0; r < head->ranks; r++) {
    builder->weights_offset[r] = (uint32_t)at;
    at += (uint64_t)builder->plain.weight_words[r] * geometry.word_bytes;
    builder->params_offset[r] = (uint32_t)at;
    at += (uint64_t)builder->plain.param_beats[r] * info->tail_rows * 16;
    at = (at + align - 1) / align * align;
  }
  head->data_bytes = (uint32_t)(at - head->program_bytes);
  *state_offset = (uint32_t)at;
  for (uint32_t n = 0; n < trine_layer_instances(builder->network, builder->placement); n++) {
    if (trine_instance_layer(builder->network, n)->kind != TRINE_LAYER_LSTM) {
      continue;
    }
    const uint64_t sequences = builder->kept.max_sequences;
    at += sequences * builder->kept.channel[n].stride * geometry.vec_bytes;
    at = (at + align - 1) / align * align;
    for (uint32_t r = 0; r < head->ranks; r++) {
      at += sequences * builder->kept.slice[n][r].state_stride * 4;
      at = (at + align - 1) / align * align;
      head->saved_bytes += (uint32_t)sequences * builder->kept.slice[n][r].state_stride * 4;
    }
  }
  if (at > UINT32_MAX / 2) {
    return trine_refuse(builder->error, TRINE_ERR_LIMIT,
                        "the weights and states of the network take %llu bytes of a window; an "
                        "image has at most %u",
                        (unsigned long long)at, UINT32_MAX / 2);
  }
  head->rows_offset = (uint32_t)at;
  return TRINE_OK;
}

static void put_data(struct trine_builder *builder) {
  struct trine_packing packing = {.info = &builder->target->info,
                                  .network = builder->network,
                                  .placement = builder->placement,
                                  .layout = &builder->plain};
  uint8_t *data = builder->memory + builder->head.data_at;
  memset(data, 0, builder->head.data_bytes);
  for (uint32_t r = 0; r < builder->head.ranks; r++) {
    packing.at = data + (builder->weights_offset[r] - builder->head.program_bytes);
    trine_pack_weights(&packing, r);
    packing.at = data + (builder->params_offset[r] - builder->head.program_bytes);
    trine_pack_params(&packing, r);
  }
}

static void set_head(struct trine_builder *builder) {
  const struct trine_info *info = &builder->target->info;
  const struct trine_network *network = builder->network;
  const struct trine_placement *placement = builder->placement;
  const uint32_t layers = trine_layer_instances(network, placement);
  const uint32_t chains = trine_chain_instances(network, placement);
  builder->head = (struct trine_image){
      .magic = TRINE_IMAGE_MAGIC,
      .version = TRINE_IMAGE_VERSION,
      .config_hash = info->config_hash,
      .mode = placement->mode,
      .ranks = placement->ranks,
      .copies = placement->copies,
      .layer_count = network->layer_count,
      .chain_count = network->chain_count,
      .tensor_count = network->tensor_count,
      .mem_bytes = info->mem_bytes,
      .x_slots = info->x_slots,
      .table_entries = info->table_entries,
      .macs_per_core = info->lanes * info->macs_per_lane,
      .stages = builder->plain.stages,
      .is_cuttable = network->chain_count == 1 && !network->chains[0].reversed,
      .max_sequences = builder->plain.max_sequences,
      .max_kept = builder->kept.max_sequences,
      .program_bytes =
          trine_round_up(trine_program_bound(placement->ranks, layers, chains, info->table_entries),
                         PROGRAM_ALIGN),
      .copy_of_bytes = placement->copies > 1
                           ? trine_round_up(placement->copies * builder->plain.max_sequences, 4)
                           : 0,
      .state_count = lstm_instances(builder)};
  memcpy(builder->head.config, builder->target->config, sizeof builder->head.config);
}

static enum trine_status check_rows(const struct trine_builder *builder) {
  for (uint32_t t = 0; t < builder->network->tensor_count; t++) {
    struct row_layout row;
    trine_tensor_parts(&builder->network->tensors[t], builder->target->info.mem_bytes, &row);
    if (row.stride > TRINE_MOST_ROW_BYTES) {
      return trine_refuse(builder->error, TRINE_ERR_LIMIT,
                          "a row of tensor %u takes %u bytes; the driver serves up to %d", t,
                          row.stride, (int)TRINE_MOST_ROW_BYTES);
    }
  }
  return TRINE_OK;
}

static enum trine_status make_layouts(struct trine_builder *builder) {
  enum trine_status status = trine_compile_check(builder->target, builder->network, builder->error);
  if (status == TRINE_OK) {
    status = trine_compile_check_placement(builder->target, builder->network, builder->placement,
                                           builder->error);
  }
  if (status == TRINE_OK) {
    status = check_rows(builder);
  }
  if (status == TRINE_OK) {
    status = trine_make_layout(builder->target, builder->network, builder->placement, false,
                               &builder->plain, builder->error);
  }
  if (status == TRINE_OK) {
    status = trine_make_layout(builder->target, builder->network, builder->placement, true,
                               &builder->kept, builder->error);
  }
  return status;
}

static void seal(struct trine_image *image) {
  image->crc = trine_image_crc(image);
}

void trine_image_describe(struct trine_image *image, const struct trine_image_end *input,
                          const struct trine_image_end *output) {
  image->input = *input;
  image->output = *output;
  seal(image);
}

enum trine_status trine_compile(const struct trine_target *target,
                                const struct trine_network *network,
                                const struct trine_placement *placement, enum trine_image_form form,
                                void *memory, size_t memory_bytes, const struct trine_image **image,
                                struct trine_error *error) {
  if (target == NULL || network == NULL || placement == NULL || memory == NULL || image == NULL ||
      (uintptr_t)memory % sizeof(uint64_t) != 0) {
    return trine_refuse(error, TRINE_ERR_ARG,
                        "an image needs a target, a network, a placement and memory at a multiple "
                        "of %zu",
                        sizeof(uint64_t));
  }
  struct trine_builder builder = {
      .target = target, .network = network, .placement = placement, .error = error};
  uint32_t state_offset = 0;
  enum trine_status status = make_layouts(&builder);
  if (status != TRINE_OK) {
    return status;
  }
  set_head(&builder);
  status = lay_window(&builder, &state_offset);
  if (status != TRINE_OK) {
    return status;
  }
  builder.words_room = trine_most_words(builder.head.ranks, trine_image_chains(&builder.head),
                                        builder.head.state_count);
  const bool has_data = form != TRINE_IMAGE_WITHOUT_DATA;
  const uint64_t bytes = lay_tables(&builder.head, builder.words_room, names_bytes(network), form) +
                         (has_data ? builder.head.data_bytes : 0);
  if (bytes > memory_bytes || bytes > UINT32_MAX) {
    return trine_refuse(error, TRINE_ERR_MEMORY,
                        "the image of the network takes %llu bytes; it was given %zu",
                        (unsigned long long)bytes, memory_bytes);
  }
  builder.memory = memory;
  memset(memory, 0, builder.head.data_at);
  trine_put_tables(&builder, state_offset);
  if (has_data) {
    put_data(&builder);
  }
  builder.head.bytes = (uint32_t)bytes;
  memcpy(memory, &builder.head, sizeof builder.head);
  seal(memory);
  *image = memory;
  return TRINE_OK;
}

/* Bytes of the largest program of a network in so many copies. */
static uint32_t most_program(const struct trine_network *network, const struct trine_info *info,
                             uint64_t copies) {
  const uint32_t program =
      trine_program_bound(info->cores, (uint32_t)copies * network->layer_count,
                          (uint32_t)copies * network->chain_count, info->table_entries);
  return trine_round_up(program, PROGRAM_ALIGN);
}

size_t trine_compile_bytes(const struct trine_target *target, const struct trine_network *network,
                           enum trine_image_form form) {
  uint32_t turn[TRINE_MAX_CHAINS];
  char text[8];
  if (target == NULL || !trine_network_complete(network, text, sizeof text) ||
      !trine_network_has_room(network) ||
      !trine_network_shapes_fit(network, turn, text, sizeof text)) {
    return 0;
  }
  const struct trine_info *info = &target->info;
  const struct geometry geometry = trine_geometry(info);
  const uint64_t copies = trine_most_copies(network);
  uint64_t weights = 0, rows = 0;
  for (uint32_t n = 0; n < network->layer_count; n++) {
    const struct trine_layer *layer = &network->layers[n];
    const uint64_t groups = trine_divide_up(layer->units, trine_granule(info, layer));
    const uint64_t h_chunks =
        layer->kind == TRINE_LAYER_LSTM ? trine_divide_up(layer->units, info->macs_per_lane) : 0;
    const uint64_t x_chunks =
        trine_divide_up(trine_layer_width(network, n, info->mem_bytes), info->macs_per_lane);
    weights += groups * (x_chunks + h_chunks) * geometry.word_bytes;
    rows += groups * info->lanes * (h_chunks > 0 ? 2 : 1);
  }
  /* Each copy has them once, unless they are shared, and no core more than there is room for. */
  const uint64_t most_weights = (uint64_t)info->cores * info->weight_bytes;
  const uint64_t most_rows = (uint64_t)info->cores * info->param_rows;
  weights = copies * weights < most_weights ? copies * weights : most_weights;
  rows = copies * rows < most_rows ? copies * rows : most_rows;
  struct trine_image head = {.ranks = info->cores,
                             .copies = (uint32_t)copies,
                             .layer_count = network->layer_count,
                             .chain_count = network->chain_count,
                             .tensor_count = network->tensor_count,
                             .program_bytes = most_program(network, info, copies),
                             .state_count = (uint32_t)copies * network->layer_count};
  const uint64_t tables =
      lay_tables(&head, trine_most_words(info->cores, trine_image_chains(&head), head.state_count),
                 names_bytes(network), form);
  const uint64_t bytes =
      tables + (form == TRINE_IMAGE_WITHOUT_DATA
                    ? 0
                    : weights + 16 * rows + (uint64_t)info->cores * info->mem_bytes);
  return bytes < SIZE_MAX / 2 ? (size_t)bytes : 0;
}

enum trine_status trine_window_bytes(const struct trine_target *target,
                                     const struct trine_image *image, uint32_t max_rows,
                                     uint32_t asked_bytes, uint64_t free_bytes,
                                     uint32_t *window_bytes, struct trine_error *error) {
  const uint64_t least = trine_image_least_window(image), row = least - image->rows_offset;
  uint64_t rows_bytes = DEFAULT_ROWS_BYTES;
  rows_bytes = rows_bytes < target->memory_bytes / 4 ? rows_bytes : target->memory_bytes / 4;
  rows_bytes = max_rows != 0 ? max_rows * row : rows_bytes;
  uint64_t want = asked_bytes != 0 ? asked_bytes : image->rows_offset + rows_bytes;
  want = want < least && asked_bytes == 0 ? least : want;
  uint64_t size = free_bytes < want ? free_bytes : want;
  size = size > UINT32_MAX ? UINT32_MAX : size;
  if (size < least || (asked_bytes != 0 && free_bytes < want)) {
    return trine_refuse(error, TRINE_ERR_MEMORY,
                        "the job needs a window of %llu bytes of shared memory; the largest free "
                        "part has %llu and %llu were asked for",
                        (unsigned long long)least, (unsigned long long)free_bytes,
                        (unsigned long long)want);
  }
  *window_bytes = (uint32_t)(size / 4 * 4);
  return TRINE_OK;
}
