/* SPDX-License-Identifier: Apache-2.0 */
/* stand_in: see stand_in.h. */
#include "stand_in.h"

#include <stdlib.h>

#include "machine.h"
#include "program/assemble.h"
#include "program/format.h"

void stand_in_free(struct stand_in *stand_in) {
  if (stand_in != NULL) {
    free(stand_in->memory);
    free(stand_in->words);
    free(stand_in->copy_of);
    free(stand_in);
  }
}

/* A batch whose rows nobody reads, with states or without, to be checked and cut. */
static void make_batch(struct stand_in *stand_in, const struct trine_plan_batch *batch) {
  static int8_t nothing;
  static int16_t no_cell;
  for (uint32_t n = 0; n < TRINE_MAX_LAYERS; n++) {
    stand_in->states[n] = (struct trine_lstm_state){&nothing, &no_cell};
  }
  stand_in->batch = (struct trine_batch){.sequences = batch->sequences,
                                         .lengths = batch->lengths,
                                         .input = &nothing,
                                         .output = &nothing,
                                         .state_in = batch->is_kept ? stand_in->states : NULL,
                                         .state_out = batch->is_kept ? stand_in->states : NULL};
}

/* The window begins and ends at whole pages, as those of jobs do. */
static void take_memory(uint64_t *free_bytes, uint32_t window_bytes) {
  const uint64_t pages = ((uint64_t)window_bytes + TRINE_WINDOW_ALIGN - 1) / TRINE_WINDOW_ALIGN;
  const uint64_t taken = pages * TRINE_WINDOW_ALIGN;
  *free_bytes -= taken < *free_bytes ? taken : *free_bytes;
}

/* Image and window. */
static enum trine_status compile(struct stand_in *stand_in, const struct trine_forecast_job *what,
                                 uint64_t *free_bytes, struct trine_error *error) {
  const struct trine_target *target = stand_in->target;
  enum trine_status status = trine_compile_check(target, what->network, error);
  if (status != TRINE_OK) {
    return status;
  }
  const size_t bytes = trine_compile_bytes(target, what->network, TRINE_IMAGE_WITHOUT_DATA);
  stand_in->memory = malloc(bytes);
  if (stand_in->memory == NULL) {
    return trine_refuse(error, TRINE_ERR_MEMORY,
                        "there is no memory for the image of a forecast, %zu bytes", bytes);
  }
  status = trine_compile(target, what->network, what->placement, TRINE_IMAGE_WITHOUT_DATA,
                         stand_in->memory, bytes, &stand_in->image, error);
  if (status == TRINE_OK) {
    status = trine_window_bytes(target, stand_in->image, 0, 0, *free_bytes, &stand_in->window_bytes,
                                error);
  }
  if (status == TRINE_OK) {
    take_memory(free_bytes, stand_in->window_bytes);
  }
  return status;
}

enum trine_status stand_in_make(const struct trine_target *target,
                                const struct trine_forecast_job *what, uint64_t *free_bytes,
                                struct stand_in **made, struct trine_error *error) {
  struct stand_in *stand_in = calloc(1, sizeof *stand_in);
  *made = stand_in;
  if (stand_in == NULL) {
    return trine_refuse(error, TRINE_ERR_MEMORY,
                        "there is no memory for the %zu bytes of a forecast", sizeof *stand_in);
  }
  stand_in->target = target;
  make_batch(stand_in, what->batch);
  const enum trine_status status = compile(stand_in, what, free_bytes, error);
  if (status != TRINE_OK) {
    return status;
  }
  const struct trine_image *image = stand_in->image;
  struct trine_fault fault;
  if (!trine_batch_check(image, stand_in->window_bytes, &stand_in->batch, &fault)) {
    char text[sizeof error->text];
    trine_fault_text(&fault, image, text, sizeof text);
    return trine_refuse(error, fault.status, "%s", text);
  }
  stand_in->words = malloc(image->program_bytes);
  stand_in->copy_of = malloc((size_t)image->copy_of_bytes + 1);
  if (stand_in->words == NULL || stand_in->copy_of == NULL) {
    return trine_refuse(error, TRINE_ERR_MEMORY,
                        "there is no memory for the program of a forecast, %u bytes",
                        image->program_bytes);
  }
  return TRINE_OK;
}

void stand_in_begin(struct stand_in *stand_in) {
  struct trine_chunk *chunk = &stand_in->cut.chunk;
  trine_cut_begin(&stand_in->cut, stand_in->image, stand_in->window_bytes, &stand_in->batch,
                  stand_in->copy_of);
  /* States that go on from the run before are on the cores. */
  if (stand_in->is_resident && stand_in->cut.is_kept && stand_in->batch.sequences == 1 &&
      !chunk->is_cut) {
    chunk->is_cut = true;
    chunk->is_first = false;
  }
}

bool stand_in_can_repeat(const struct stand_in *stand_in) {
  const struct trine_batch *batch = &stand_in->batch;
  bool can = stand_in->cut.chunk.first == 0 && stand_in->cut.chunk.count == batch->sequences &&
             stand_in->cut.chunk.step == 0 && stand_in->cut.chunk.is_last &&
             (!stand_in->cut.is_kept || batch->sequences == 1);
  for (uint32_t n = 0; n < batch->sequences && can; n++) {
    can = batch->lengths[n] == batch->lengths[0];
  }
  return can && list_can_repeat(stand_in->words + TRINE_WORDS_HEAD,
                                trine_field(stand_in->words, TRINE_FIELD_HEAD_WORDS));
}

static bool put_word(void *ctx, uint32_t at, uint32_t word) {
  struct stand_in *stand_in = ctx;
  stand_in->words[at] = word;
  return true;
}

enum trine_status stand_ins_program(struct stand_in *const *stand_ins, bool with_loads,
                                    uint32_t count, struct state_hash *hash,
                                    struct trine_error *error) {
  uint32_t ranks = 0;
  *hash = (struct state_hash){1, 1};
  for (uint32_t n = 0; n < count; n++) {
    struct stand_in *stand_in = stand_ins[n];
    const struct trine_program_out out = {stand_in, put_word};
    ranks += stand_in->image->ranks;
    if (ranks > stand_in->target->info.cores) {
      return trine_refuse(error, TRINE_ERR_LIMIT, "the jobs take more than the %u cores there are",
                          stand_in->target->info.cores);
    }
    enum trine_resident resident;
    stand_in->is_fresh = with_loads;
    if (with_loads) {
      resident = TRINE_RESIDENT_NOTHING;
    } else if (stand_in->is_resident) {
      resident = TRINE_RESIDENT_ALL;
    } else {
      resident = TRINE_RESIDENT_WEIGHTS;
    }
    if (!trine_assemble(&stand_in->cut, resident, &out, &stand_in->word_count)) {
      return trine_refuse(error, TRINE_ERR_MEMORY,
                          "the program of %u words does not fit its %u bytes", stand_in->word_count,
                          stand_in->image->program_bytes);
    }
    for (uint32_t word = 0; word < stand_in->word_count; word++) {
      hash_mix(hash, stand_in->words[word]);
    }
  }
  return TRINE_OK;
}

uint64_t stand_ins_load_beats(struct stand_in *const *stand_ins, uint32_t count) {
  uint64_t beats = 0;
  for (uint32_t n = 0; n < count; n++) {
    const struct trine_image *image = stand_ins[n]->image;
    for (uint32_t r = 0; r < image->ranks; r++) {
      const struct trine_image_rank *rank = trine_image_rank(image, r);
      if (rank->load_words > 0) { /* the first LOAD is that of the weights */
        beats +=
            (uint64_t)trine_field(trine_image_words(image, rank->loads), TRINE_FIELD_LOAD_COUNT) *
            image->macs_per_core / image->mem_bytes;
      }
    }
  }
  return beats;
}
