/* SPDX-License-Identifier: Apache-2.0 */
/* images: an image gives what its model gives on the golden model, bytes and reals, batches of
 * different lengths, from states that another run has left; models drawn at random among those of
 * the folder of models, placements of each mode. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "chip.h"
#include "session/image_file.h"
#include "session/model_plan.h"
#include "session/rows.h"
#include "support/seed.h"

enum { ROUNDS_OF_EACH = 2, MOST_SEQUENCES = 4, MOST_STEPS = 8 };

/* A model, its image, and what ran each. */
struct image_bench {
  struct trine_connection *connection;
  struct trine_model *model;
  struct trine_model_plan plan;
  struct trine_session *golden;
  struct trine_image *image;
  struct trine_states kept[2], wanted; /* of the image before and behind, of the golden model */
  struct trine_array input, got, want;
  uint32_t lengths[MOST_SEQUENCES];
  struct trine_error error;
};

static bool open_bench(struct image_bench *bench, const char *path, enum trine_mode mode) {
  const struct trine_target *target = trine_get_target(trine_connection_device(bench->connection));
  const struct trine_model_plan_options options = {.has_mode = true, .mode = mode};
  return trine_model_load(path, &bench->model, &bench->error) == TRINE_OK &&
         trine_model_plan_make(target, bench->model, &options, NULL, &bench->plan, &bench->error) ==
             TRINE_OK &&
         trine_model_plan_compile(target, &bench->plan, TRINE_IMAGE_PLAIN, &bench->image,
                                  &bench->error) == TRINE_OK &&
         trine_session_open(bench->model, NULL, NULL, &bench->golden, &bench->error) == TRINE_OK;
}

static void close_bench(struct image_bench *bench) {
  trine_session_close(bench->golden);
  trine_model_plan_free(&bench->plan);
  trine_model_free(bench->model);
  free(bench->image);
}

/* Bytes of the input's shape, or the reals that they stand for. */
static bool draw(struct image_bench *bench, struct seed_stream *stream, uint32_t sequences,
                 uint32_t steps) {
  const struct trine_model_end *end = &trine_model_info(bench->model)->input;
  const bool is_real = seed_uniform(stream, 0, 1) == 1;
  uint64_t shape[TRINE_MODEL_MAX_RANK];
  const uint32_t rank = trine_model_input_shape(bench->model, sequences, steps, shape);
  if (trine_array_make(&bench->input, is_real ? TRINE_DTYPE_FLOAT32 : TRINE_DTYPE_INT8, rank, shape,
                       &bench->error) != TRINE_OK) {
    return false;
  }
  for (uint32_t n = 0; n < sequences; n++) {
    bench->lengths[n] = (uint32_t)seed_uniform(stream, 1, steps);
  }
  for (uint64_t n = 0; n < bench->input.count; n++) {
    const int byte = (int)seed_uniform(stream, INT8_MIN, INT8_MAX);
    uint32_t b = 0, t = 0;
    trine_model_place(bench->model, -1, sequences, steps, n, &b, &t);
    if (is_real && t >= bench->lengths[b]) {
      ((float *)bench->input.data)[n] = NAN; /* of no sequence: it does not count */
    } else if (is_real) {
      ((float *)bench->input.data)[n] = (float)(byte - end->zero_point) * end->scale;
    } else {
      ((int8_t *)bench->input.data)[n] = (int8_t)byte;
    }
  }
  return true;
}

/* What the model makes of it: rows as it reads them, its own session, the file's type. */
static bool run_golden(struct image_bench *bench, const struct trine_states *from,
                       uint32_t sequences, uint32_t steps) {
  const bool is_real = bench->input.dtype == TRINE_DTYPE_FLOAT32;
  struct trine_model_batch batch = {.sequences = sequences,
                                    .steps = steps,
                                    .lengths = bench->lengths,
                                    .state_in = from != NULL ? from->lstm : NULL,
                                    .state_out = bench->wanted.lstm};
  uint64_t shape[TRINE_MODEL_MAX_RANK];
  const uint32_t rank = trine_model_output_shape(bench->model, sequences, steps, shape);
  struct trine_array made = {.data = NULL};
  void *rows = NULL;
  bool good = trine_rows_take(bench->model, &bench->input, &batch, &rows, NULL, &bench->error) ==
                  TRINE_OK &&
              trine_array_make(&made, TRINE_DTYPE_INT8, rank, shape, &bench->error) == TRINE_OK;
  batch.input = rows;
  batch.output = made.data;
  good = good && trine_session_run(bench->golden, &batch, &bench->error) == TRINE_OK &&
         trine_rows_give(bench->model, 0, &made, is_real, &batch, &bench->want, &bench->error) ==
             TRINE_OK;
  trine_array_free(&made);
  free(rows);
  return good;
}

static bool same_states(const struct trine_states *got, const struct trine_states *want) {
  bool same = got->lstm_count == want->lstm_count && got->sequences == want->sequences;
  for (uint32_t n = 0; n < want->lstm_count && same; n++) {
    const size_t count = (size_t)want->sequences * want->units[n];
    same = got->units[n] == want->units[n] && memcmp(got->lstm[n].h, want->lstm[n].h, count) == 0 &&
           memcmp(got->lstm[n].c, want->lstm[n].c, count * sizeof *want->lstm[n].c) == 0;
  }
  return same;
}

static bool same_output(const struct image_bench *bench) {
  return bench->got.dtype == bench->want.dtype && bench->got.count == bench->want.count &&
         memcmp(bench->got.data, bench->want.data, (size_t)trine_array_bytes(&bench->want)) == 0;
}

/* Two batches of the same sequences, the second from where the first has ended. */
static bool batches_agree(struct image_bench *bench, struct seed_stream *stream) {
  const uint32_t sequences = (uint32_t)seed_uniform(stream, 1, MOST_SEQUENCES);
  bool good = trine_states_make_image(bench->image, sequences, &bench->kept[0], &bench->error) ==
                  TRINE_OK &&
              trine_states_make_image(bench->image, sequences, &bench->kept[1], &bench->error) ==
                  TRINE_OK &&
              trine_states_make(bench->model, sequences, &bench->wanted, &bench->error) == TRINE_OK;
  for (uint32_t n = 0; n < 2 && good; n++) {
    const uint32_t steps = (uint32_t)seed_uniform(stream, 1, MOST_STEPS);
    const struct trine_image_batch batch = {.lengths = bench->lengths,
                                            .state_in = n > 0 ? &bench->kept[0] : NULL,
                                            .state_out = &bench->kept[n]};
    good = draw(bench, stream, sequences, steps) &&
           trine_image_run_array(bench->connection, bench->image, &bench->input, &batch,
                                 &bench->got, NULL, &bench->error) == TRINE_OK &&
           run_golden(bench, batch.state_in, sequences, steps);
    if (good && (!same_output(bench) || !same_states(&bench->kept[n], &bench->wanted))) {
      trine_error_set(&bench->error, "batch %u of %u sequences of %u steps: another %s", n,
                      sequences, steps, same_output(bench) ? "state" : "output");
      good = false;
    }
    trine_array_free(&bench->input);
    trine_array_free(&bench->got);
    trine_array_free(&bench->want);
  }
  trine_states_free(&bench->kept[0]);
  trine_states_free(&bench->kept[1]);
  trine_states_free(&bench->wanted);
  return good;
}

/* What cannot go with an image's rows, each with its sentence. */
static bool refuses(struct image_bench *bench) {
  const uint32_t long_ones[] = {1, MOST_STEPS + 1};
  struct trine_states three = {.sequences = 0}, two = {.sequences = 0};
  struct seed_stream stream = seed_start("images refused");
  bool good = draw(bench, &stream, 2, MOST_STEPS) &&
              trine_states_make_image(bench->image, 3, &three, &bench->error) == TRINE_OK &&
              trine_states_make_image(bench->image, 2, &two, &bench->error) == TRINE_OK;
  two.lstm_count -= good && two.lstm_count > 0;
  const struct {
    struct trine_image_batch batch;
    const char *sentence;
  } cases[] = {{{.lengths = long_ones}, "Sequence 1 has length 9, outside 1 to 8"},
               {{.lengths = bench->lengths, .state_in = &three},
                "states are of 3 sequences; the input has 2"},
               {{.lengths = bench->lengths, .state_out = &three},
                "room for the states of 3 sequences; the input has 2"},
               {{.lengths = bench->lengths, .state_in = &two}, "both are of one model"}};
  for (size_t n = 0; n < sizeof cases / sizeof cases[0] && good; n++) {
    good = trine_image_run_array(bench->connection, bench->image, &bench->input, &cases[n].batch,
                                 &bench->got, NULL, &bench->error) == TRINE_ERR_ARG &&
           strstr(bench->error.text, cases[n].sentence) != NULL && bench->got.data == NULL;
  }
  two.lstm_count += good && two.lstm != NULL;
  trine_states_free(&three);
  trine_states_free(&two);
  trine_array_free(&bench->input);
  return good;
}

bool images_hold(void) {
  static const char *const models[] = {"vowels", "bidi", "stack4"};
  static const enum trine_mode modes[] = {TRINE_MODE_SINGLE, TRINE_MODE_MULTITHREADING,
                                          TRINE_MODE_HELPER};
  struct seed_stream stream = seed_start("images");
  struct image_bench bench = {.connection = NULL};
  struct trine_device_name name;
  bool good = trine_device_name_parse("sim:duo", &name, &bench.error) == TRINE_OK &&
              trine_connect(&name, NULL, &bench.connection, &bench.error) == TRINE_OK;
  for (uint32_t n = 0; n < 9 && good; n++) {
    char path[64];
    (void)snprintf(path, sizeof path, "tests/models/%s.tflite", models[n / 3]);
    good = open_bench(&bench, path, modes[n % 3]) && (n > 0 || refuses(&bench));
    for (uint32_t round = 0; round < ROUNDS_OF_EACH && good; round++) {
      good = batches_agree(&bench, &stream);
    }
    if (!good) {
      fprintf(stderr, "image of %s, mode %u: %s\n", models[n / 3], n % 3, bench.error.text);
    }
    close_bench(&bench);
    bench = (struct image_bench){.connection = bench.connection};
  }
  trine_disconnect(bench.connection);
  if (good) {
    printf(
        "images: as their models, %d batches with lengths and states, each in two runs, seed "
        "%llu\n",
        9 * ROUNDS_OF_EACH, (unsigned long long)seed_value());
  }
  return good;
}
