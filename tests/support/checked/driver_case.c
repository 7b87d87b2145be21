/* SPDX-License-Identifier: Apache-2.0 */
/* driver_case: see driver_case.h. */
#include "support/checked/driver_case.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "golden/golden.h"
#include "support/random_network.h"

static void *make(size_t bytes) {
  void *memory = malloc(bytes > 0 ? bytes : 1);
  ck_assert_ptr_nonnull(memory);
  return memory;
}

static void finish(struct driver_case *made, uint32_t tensors, uint32_t layers, uint32_t chains) {
  made->network = (struct trine_network){.tensor_count = tensors,
                                         .tensors = made->tensors,
                                         .layer_count = layers,
                                         .layers = made->layers,
                                         .chain_count = chains,
                                         .chains = made->chains};
}

void case_stack(struct driver_case *made, struct seed_stream *stream, uint32_t lstms, bool dense,
                bool last_only, uint32_t max_units) {
  memset(made, 0, sizeof *made);
  uint32_t width = (uint32_t)seed_log_uniform(stream, 1, max_units);
  made->tensors[0] = (struct trine_tensor){1, {width}};
  for (uint32_t n = 0; n < lstms + dense; n++) {
    uint32_t units = (uint32_t)seed_log_uniform(stream, 1, max_units);
    made->layers[n] = n < lstms ? random_lstm(stream, width, units, true)
                                : random_dense(stream, width, units, true);
    width = units;
  }
  made->tensors[1] = (struct trine_tensor){1, {width}};
  made->chains[0] =
      (struct trine_chain){.target = 1, .layer_count = lstms + dense, .last_only = last_only};
  finish(made, 2, lstms + dense, 1);
}

void case_bidirectional(struct driver_case *made, struct seed_stream *stream, uint32_t levels,
                        bool dense, bool last_only, uint32_t max_units) {
  memset(made, 0, sizeof *made);
  uint32_t width = (uint32_t)seed_log_uniform(stream, 1, max_units);
  made->tensors[0] = (struct trine_tensor){1, {width}};
  uint32_t n = 0;
  for (uint32_t level = 0; level < levels; level++) {
    struct trine_tensor *tensor = &made->tensors[level + 1];
    tensor->part_count = 2;
    for (uint32_t d = 0; d < 2; d++, n++) {
      tensor->part_width[d] = (uint32_t)seed_log_uniform(stream, 1, max_units);
      made->layers[n] = random_lstm(stream, width, tensor->part_width[d], false);
      made->chains[n] = (struct trine_chain){.source = level,
                                             .target = level + 1,
                                             .target_part = d,
                                             .reversed = d == 1,
                                             .last_only = last_only && level + 1 == levels,
                                             .first_layer = n,
                                             .layer_count = 1};
    }
    width = tensor->part_width[0] + tensor->part_width[1];
  }
  if (dense) {
    uint32_t units = (uint32_t)seed_log_uniform(stream, 1, max_units);
    made->layers[n] = random_dense(stream, width, units, true);
    made->tensors[levels + 1] = (struct trine_tensor){1, {units}};
    made->chains[n] = (struct trine_chain){
        .source = levels, .target = levels + 1, .first_layer = n, .layer_count = 1};
    n++;
  }
  finish(made, levels + 1 + dense, n, n);
}

void case_free(struct driver_case *made) {
  for (uint32_t n = 0; n < made->network.layer_count; n++) {
    random_layer_free(&made->layers[n]);
  }
}

static void make_states(struct trine_lstm_state *states, struct seed_stream *stream,
                        const struct trine_network *network, uint32_t sequences) {
  for (uint32_t n = 0; n < network->layer_count; n++) {
    states[n] = (struct trine_lstm_state){NULL, NULL};
    size_t count = (size_t)sequences * network->layers[n].units;
    if (network->layers[n].kind == TRINE_LAYER_LSTM) {
      states[n].h = make(count);
      states[n].c = make(2 * count);
      seed_int8(stream, states[n].h, count, -128, 127);
      for (size_t k = 0; k < count; k++) {
        states[n].c[k] = (int16_t)seed_uniform(stream, -32768, 32767);
      }
    }
  }
}

void batch_create(struct driver_batch *made, struct seed_stream *stream,
                  const struct trine_network *network, uint32_t sequences, uint32_t max_steps,
                  bool time_major, bool with_state) {
  memset(made, 0, sizeof *made);
  made->layer_count = network->layer_count;
  uint32_t in = trine_tensor_width(&network->tensors[0]);
  uint32_t out = trine_tensor_width(&network->tensors[network->tensor_count - 1]);
  for (uint32_t b = 0; b < sequences; b++) {
    made->lengths[b] = (uint32_t)seed_log_uniform(stream, 1, max_steps);
  }
  size_t rows = (size_t)sequences * max_steps;
  made->input = make(rows * in);
  made->output = make(rows * out);
  made->expected = make(rows * out);
  made->output_bytes = rows * out;
  seed_int8(stream, made->input, rows * in, -128, 127);
  memset(made->output, 0x55, rows * out);
  memset(made->expected, 0x55, rows * out);
  uint64_t by_sequence = time_major ? 1 : max_steps, by_step = time_major ? sequences : 1;
  made->batch = (struct trine_batch){.sequences = sequences,
                                     .lengths = made->lengths,
                                     .input = made->input,
                                     .input_batch_stride = by_sequence * in,
                                     .input_step_stride = by_step * in,
                                     .output = made->output,
                                     .output_batch_stride = by_sequence * out,
                                     .output_step_stride = by_step * out};
  if (with_state) {
    make_states(made->state_in, stream, network, sequences);
    make_states(made->state_out, stream, network, sequences);
    make_states(made->state_expected, stream, network, sequences);
    made->batch.state_in = made->state_in;
    made->batch.state_out = made->state_out;
  }
}

void batch_free(struct driver_batch *made) {
  free(made->input);
  free(made->output);
  free(made->expected);
  for (uint32_t n = 0; n < made->layer_count; n++) {
    struct trine_lstm_state *states[] = {&made->state_in[n], &made->state_out[n],
                                         &made->state_expected[n]};
    for (uint32_t k = 0; k < 3; k++) {
      free(states[k]->h);
      free(states[k]->c);
    }
  }
}

void batch_expect(struct driver_batch *made, const struct trine_network *network) {
  struct trine_batch batch = made->batch;
  batch.output = made->expected;
  batch.state_out = batch.state_out != NULL ? made->state_expected : NULL;
  ck_assert_int_eq(trine_golden_run(network, &batch, NULL), TRINE_OK);
}

void batch_compare(const struct driver_batch *made, const struct trine_network *network,
                   const char *what) {
  for (size_t n = 0; n < made->output_bytes; n++) {
    ck_assert_msg(made->output[n] == made->expected[n], "%s: output byte %zu: got %d, want %d",
                  what, n, made->output[n], made->expected[n]);
  }
  for (uint32_t n = 0; n < network->layer_count && made->batch.state_out != NULL; n++) {
    size_t count = (size_t)made->batch.sequences * network->layers[n].units;
    for (size_t k = 0; k < count && network->layers[n].kind == TRINE_LAYER_LSTM; k++) {
      ck_assert_msg(made->state_out[n].h[k] == made->state_expected[n].h[k] &&
                        made->state_out[n].c[k] == made->state_expected[n].c[k],
                    "%s: layer %u state %zu: got h %d c %d, want %d %d", what, n, k,
                    made->state_out[n].h[k], made->state_out[n].c[k], made->state_expected[n].h[k],
                    made->state_expected[n].c[k]);
    }
  }
}

struct fake_params case_params(const char *name) {
  struct fake_params nano = {2,    5,    4,   1,   1,   4,  2,   8,   16384,
                             1024, 2048, 256, 128, 512, 64, 256, 128, 4};
  struct fake_params duo = {2,    8,     8,    8,   4,    8,  4,    16,   65536,
                            2048, 16384, 1024, 512, 4096, 64, 1024, 1024, 8};
  struct fake_params odd = {3,    8,    16,   4,   2,    4,  2,   8,   65536,
                            2048, 8192, 1024, 512, 2048, 48, 512, 512, 16};
  struct fake_params octo = duo;
  octo.cores = 8;
  if (strcmp(name, "nano") == 0) {
    return nano;
  }
  if (strcmp(name, "odd") == 0) {
    return odd;
  }
  return strcmp(name, "octo") == 0 ? octo : duo;
}

void job_create(struct driver_job *made, struct trine *device, const struct trine_network *network,
                const struct trine_job_options *options) {
  size_t bytes = trine_job_sizeof(device, network);
  made->memory = make(bytes);
  enum trine_status status =
      trine_job_create(device, network, options, made->memory, bytes, &made->job);
  ck_assert_msg(status == TRINE_OK, "%s", trine_last_error(device));
}

void job_free(struct driver_job *made) {
  trine_job_destroy(made->job);
  free(made->memory);
}

struct trine *case_open(struct fake_device *fake) {
  struct trine *device = make(trine_sizeof());
  struct trine_bus bus = fake_device_bus(fake);
  enum trine_status status = trine_open(device, &bus, 4096, fake->memory_bytes - 4096, "fake");
  ck_assert_msg(status == TRINE_OK, "%s", trine_last_error(device));
  return device;
}
