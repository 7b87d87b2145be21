/* SPDX-License-Identifier: Apache-2.0 */
/* shaped: a float network out of numbers drawn from a seed, quantised; see shaped.h. */
#include "quantize/shaped.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
  MOST_NODES = 3 * TRINE_SHAPED_MAX_LAYERS + 1,
  SEQUENCES = 2, /* of the calibration data */
  STEPS = 16
};

static const char *const layer_names[] = {"lstm0",  "lstm1",  "lstm2",  "lstm3", "lstm4",  "lstm5",
                                          "lstm6",  "lstm7",  "lstm8",  "lstm9", "lstm10", "lstm11",
                                          "lstm12", "lstm13", "lstm14", "lstm15"};

/* A network being put together. */
struct shaping {
  uint64_t state; /* of the sequence of numbers */
  float *numbers; /* of all weights and biases */
  size_t used;
  struct trine_float_value values[MOST_NODES + 1];
  struct trine_float_node nodes[MOST_NODES];
  struct trine_float_network network;
};

/* 64 bits of splitmix64, which has a name and a period, whatever the machine. */
static uint64_t next_bits(uint64_t *state) {
  *state += UINT64_C(0x9E3779B97F4A7C15);
  uint64_t bits = *state;
  bits = (bits ^ bits >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
  bits = (bits ^ bits >> 27) * UINT64_C(0x94D049BB133111EB);
  return bits ^ bits >> 31;
}

/* Nearly normal, deviation 1: four uniform numbers together. */
static float next_normal(uint64_t *state) {
  const uint64_t bits = next_bits(state);
  double sum = 0;
  for (int n = 0; n < 4; n++) {
    sum += (double)(bits >> 16 * n & 0xFFFF) / 65536.0;
  }
  return (float)((sum - 2.0) * sqrt(3.0));
}

enum trine_status trine_shapes_read(const char *text, struct trine_shapes *shapes,
                                    struct trine_error *error) {
  uint32_t count = 0;
  const char *at = text;
  bool good = true;
  for (; good && (count == 0 || *at == '-'); count++) {
    char *end = NULL;
    at += count > 0;
    const unsigned long width = *at >= '0' && *at <= '9' ? strtoul(at, &end, 10) : 0;
    good = width >= 1 && width <= TRINE_SHAPED_MAX_WIDTH && count <= TRINE_SHAPED_MAX_LAYERS;
    if (good) {
      *(count == 0 ? &shapes->inputs : &shapes->units[count - 1]) = (uint32_t)width;
      at = end;
    }
  }
  if (!good || *at != '\0' || count < 2) {
    trine_error_set(error,
                    "--layers takes the width of the input and the units of 1 to %d LSTMs, each 1 "
                    "to %d, as 40-96-96; not '%.60s'.",
                    TRINE_SHAPED_MAX_LAYERS, TRINE_SHAPED_MAX_WIDTH, text);
    return TRINE_ERR_ARG;
  }
  shapes->layer_count = count - 1;
  return TRINE_OK;
}

uint64_t trine_shapes_weights(const struct trine_shapes *shapes) {
  const uint64_t ways = shapes->bidirectional ? 2 : 1;
  uint64_t width = shapes->inputs, weights = 0;
  for (uint32_t n = 0; n < shapes->layer_count; n++) {
    const uint64_t units = shapes->units[n];
    weights += ways * TRINE_GATES * units * (width + units);
    width = ways * units;
  }
  return weights + width * shapes->dense;
}

/* A value behind those there are. */
static uint32_t add_value(struct shaping *shaping, const char *name, uint32_t width) {
  shaping->values[shaping->network.value_count] =
      (struct trine_float_value){.name = name, .has_time = true, .width = width};
  return shaping->network.value_count++;
}

static struct trine_float_node *add_node(struct shaping *shaping, enum trine_float_op op,
                                         const char *name, uint32_t input, uint32_t width) {
  struct trine_float_node *node = &shaping->nodes[shaping->network.node_count++];
  *node = (struct trine_float_node){.op = op, .name = name, .input_count = 1, .inputs = {input}};
  node->output = add_value(shaping, name, width);
  return node;
}

/* The next numbers of the room: normal with a deviation, or all the same without. */
static const float *draw(struct shaping *shaping, size_t count, float deviation) {
  float *numbers = shaping->numbers + shaping->used;
  for (size_t n = 0; n < count; n++) {
    numbers[n] = deviation * next_normal(&shaping->state);
  }
  shaping->used += count;
  return numbers;
}

static uint32_t add_lstm(struct shaping *shaping, const char *name, uint32_t input, uint32_t units,
                         bool reversed) {
  const uint32_t inputs = shaping->values[input].width;
  struct trine_float_node *node = add_node(shaping, TRINE_FLOAT_LSTM, name, input, units);
  float *bias = shaping->numbers + shaping->used;
  shaping->used += (size_t)TRINE_GATES * units; /* zeros */
  for (uint32_t u = 0; u < units; u++) {
    bias[TRINE_GATE_F * (size_t)units + u] = 1.0F;
  }
  node->cell = (struct trine_float_cell){
      .inputs = inputs,
      .units = units,
      .w = draw(shaping, (size_t)TRINE_GATES * units * inputs, 1.0F / sqrtf((float)inputs)),
      .r = draw(shaping, (size_t)TRINE_GATES * units * units, 1.0F / sqrtf((float)units)),
      .bias = bias,
      .reversed = reversed};
  return node->output;
}

static void add_layers(struct shaping *shaping, const struct trine_shapes *shapes) {
  uint32_t value = add_value(shaping, "x", shapes->inputs);
  for (uint32_t n = 0; n < shapes->layer_count; n++) {
    const uint32_t units = shapes->units[n];
    const uint32_t forwards = add_lstm(shaping, layer_names[n], value, units, false);
    if (shapes->bidirectional) {
      const uint32_t backwards = add_lstm(shaping, layer_names[n], value, units, true);
      struct trine_float_node *both =
          add_node(shaping, TRINE_FLOAT_CONCAT, "both", forwards, 2 * units);
      both->inputs[both->input_count++] = backwards;
      value = both->output;
    } else {
      value = forwards;
    }
  }
  if (shapes->dense > 0) {
    const uint32_t width = shaping->values[value].width;
    struct trine_float_node *node =
        add_node(shaping, TRINE_FLOAT_DENSE, "dense", value, shapes->dense);
    node->matrix = (struct trine_float_matrix){
        .inputs = width,
        .units = shapes->dense,
        .w = draw(shaping, (size_t)width * shapes->dense, 1.0F / sqrtf((float)width)),
        .out_min = -INFINITY,
        .out_max = INFINITY};
  }
  shaping->network.input_count = 1;
  shaping->network.output_count = 1;
  shaping->network.outputs[0] = shaping->network.value_count - 1;
}

/* Floats of all weights and biases. */
static size_t count_numbers(const struct trine_shapes *shapes) {
  size_t count = (size_t)trine_shapes_weights(shapes) + 1;
  for (uint32_t n = 0; n < shapes->layer_count; n++) {
    count += 2 * (size_t)TRINE_GATES * shapes->units[n];
  }
  return count;
}

static enum trine_status quantize_shaped(struct shaping *shaping, const struct trine_shapes *shapes,
                                         float *rows, struct trine_quantized *made,
                                         struct trine_error *error) {
  const struct trine_float_batch batch = {.sequences = SEQUENCES, .steps = STEPS, .input = rows};
  const struct trine_quantize_options how = {.steps = shapes->steps, .by = TRINE_CALIBRATE_RANGE};
  for (size_t n = 0; n < (size_t)SEQUENCES * STEPS * shapes->inputs; n++) {
    rows[n] = next_normal(&shaping->state);
  }
  const enum trine_status status = trine_quantize(&shaping->network, &batch, &how, made, error);
  made->note_count = 0; /* of calibration data that nobody gave */
  return status;
}

enum trine_status trine_shapes_make(const struct trine_shapes *shapes, struct trine_quantized *made,
                                    struct trine_error *error) {
  const uint64_t weights = trine_shapes_weights(shapes);
  *made = (struct trine_quantized){.bytes = NULL};
  if (weights > TRINE_SHAPED_MAX_WEIGHTS) {
    trine_error_set(error, "These layers have %" PRIu64 " weights together; at most %d are made.",
                    weights, TRINE_SHAPED_MAX_WEIGHTS);
    return TRINE_ERR_LIMIT;
  }
  struct shaping *shaping = calloc(1, sizeof *shaping);
  float *rows = calloc((size_t)SEQUENCES * STEPS * shapes->inputs, sizeof *rows);
  float *numbers = calloc(count_numbers(shapes), sizeof *numbers);
  enum trine_status status = TRINE_ERR_MEMORY;
  if (shaping == NULL || rows == NULL || numbers == NULL) {
    trine_error_set(error, "There is no memory for %" PRIu64 " weights.", weights);
  } else {
    shaping->state = shapes->seed;
    shaping->numbers = numbers;
    shaping->network = (struct trine_float_network){
        .name = "shaped", .values = shaping->values, .nodes = shaping->nodes};
    add_layers(shaping, shapes);
    status = quantize_shaped(shaping, shapes, rows, made, error);
  }
  free(numbers);
  free(rows);
  free(shaping);
  return status;
}
