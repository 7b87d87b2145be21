/* SPDX-License-Identifier: Apache-2.0 */
/* trine_piece: what of a batch goes into one run of the device, and how much work the batch is. */
#include <string.h>

#include "trine_internal.h"

static uint64_t rows_bytes(const struct trine_job *job, uint32_t sequences, uint64_t steps) {
  uint64_t bytes = 0;
  for (uint32_t t = 0; t < job->network->tensor_count; t++) {
    bytes += job->tensor[t].stride * (job->tensor[t].per_sequence ? sequences : steps);
  }
  return bytes;
}

static bool rows_fit(const struct trine_job *job, uint32_t sequences, uint64_t steps) {
  return rows_bytes(job, sequences, steps) <= job->window_size - job->rows_offset;
}

/* Most steps of one sequence that fit at once. */
static uint32_t most_steps(const struct trine_job *job) {
  uint64_t room = job->window_size - job->rows_offset - rows_bytes(job, 1, 0);
  return (uint32_t)(room / rows_bytes(job, 0, 1));
}

uint32_t trine_copy_next(const struct trine_job *job, uint32_t copy, uint32_t at) {
  do {
    at++;
  } while (at < job->piece.count && job->copy_of[at] != copy);
  return at;
}

/* Gives sequence `at` of the piece, of `steps`, to the copy with the least to do that has room. */
static void deal(struct trine_job *job, uint32_t at, uint32_t steps) {
  const struct layout *layout = job->batch_kept ? &job->kept : &job->plain;
  struct piece *piece = &job->piece;
  uint32_t best = 0;
  for (uint32_t copy = 1; copy < job->placement.copies; copy++) {
    const bool is_full = piece->copy_count[best] >= layout->max_sequences;
    if (piece->copy_count[copy] < layout->max_sequences &&
        (is_full || piece->copy_steps[copy] < piece->copy_steps[best])) {
      best = copy;
    }
  }
  job->copy_of[at] = (uint8_t)best;
  piece->copy_count[best]++;
  piece->copy_steps[best] += steps;
}

/* Deals the piece's sequences to the copies, the longest first: so no copy is left with a long one
 * when the others are done. */
static void deal_all(struct trine_job *job) {
  const uint32_t *lengths = job->batch->lengths + job->piece.first;
  uint32_t longest = 0, before = UINT32_MAX;
  do {
    longest = 0;
    for (uint32_t n = 0; n < job->piece.count; n++) {
      longest = lengths[n] > longest && lengths[n] < before ? lengths[n] : longest;
    }
    for (uint32_t n = 0; n < job->piece.count && longest > 0; n++) {
      if (lengths[n] == longest) {
        deal(job, n, longest);
      }
    }
    before = longest;
  } while (longest > 0);
}

/* Takes the next sequence, or `steps` of it, into the piece. */
static void take(struct piece *piece, uint32_t steps) {
  piece->count++;
  piece->steps += steps;
}

bool trine_next_piece(struct trine_job *job) {
  const struct trine_batch *batch = job->batch;
  const struct layout *layout = job->batch_kept ? &job->kept : &job->plain;
  struct piece *piece = &job->piece;
  bool goes_on = piece->is_cut && !piece->is_last;
  uint32_t step = goes_on ? piece->step + piece->steps : 0;
  uint32_t first = goes_on ? piece->first : piece->first + piece->count;
  if (first >= batch->sequences) {
    return false;
  }
  *piece = (struct piece){.first = first, .step = step, .is_first = !goes_on, .is_last = true};
  while (!goes_on && first + piece->count < batch->sequences &&
         piece->count < layout->max_sequences * job->placement.copies &&
         rows_fit(job, piece->count + 1,
                  (uint64_t)piece->steps + batch->lengths[first + piece->count])) {
    take(piece, batch->lengths[first + piece->count]);
  }
  deal_all(job);
  if (piece->count == 0) {
    uint32_t left = batch->lengths[first] - step;
    uint32_t most = most_steps(job);
    piece->is_cut = true;
    take(piece, left < most ? left : most);
    deal(job, 0, piece->steps);
    piece->is_last = piece->steps == left;
  }
  uint32_t at = job->rows_offset;
  for (uint32_t t = 0; t < job->network->tensor_count; t++) {
    job->tensor[t].offset = at;
    at += trine_piece_rows(job, t) * job->tensor[t].stride;
  }
  return true;
}

bool trine_needs_state(const struct trine_job *job, const struct trine_batch *batch) {
  for (uint32_t n = 0; n < job->network->layer_count; n++) {
    bool is_lstm = job->network->layers[n].kind == TRINE_LAYER_LSTM;
    if (is_lstm && ((batch->state_in != NULL && batch->state_in[n].h != NULL) ||
                    (batch->state_out != NULL && batch->state_out[n].h != NULL))) {
      return true;
    }
  }
  return false;
}

/* A state that has an h has a c. */
static bool is_whole(const struct trine_job *job, const struct trine_lstm_state *states,
                     uint32_t *layer) {
  for (*layer = 0; states != NULL && *layer < job->network->layer_count; ++*layer) {
    if (job->network->layers[*layer].kind == TRINE_LAYER_LSTM && states[*layer].h != NULL &&
        states[*layer].c == NULL) {
      return false;
    }
  }
  return true;
}

/* Whether the last byte of rows at these strides has an address at all. */
static bool is_addressable(uint32_t sequences, uint64_t batch_stride, uint32_t steps,
                           uint64_t step_stride, uint32_t width) {
  uint64_t left = PTRDIFF_MAX - (uint64_t)width;
  const uint64_t counts[] = {sequences - 1, steps - 1}, strides[] = {batch_stride, step_stride};
  for (int n = 0; n < 2; n++) {
    if (counts[n] != 0 && strides[n] > left / counts[n]) {
      return false;
    }
    left -= counts[n] * strides[n];
  }
  return true;
}

/* Buffers and strides of a batch; lengths were looked at. */
static enum trine_status check_buffers(struct trine_job *job, const struct trine_batch *batch) {
  struct trine *device = job->device;
  uint32_t longest = 1, layer = 0;
  for (uint32_t b = 0; b < batch->sequences; b++) {
    longest = batch->lengths[b] > longest ? batch->lengths[b] : longest;
  }
  const struct tensor_layout *out = &job->tensor[job->network->tensor_count - 1];
  if (!is_addressable(batch->sequences, batch->input_batch_stride, longest,
                      batch->input_step_stride, job->tensor[0].width) ||
      !is_addressable(batch->sequences, batch->output_batch_stride, out->per_sequence ? 1 : longest,
                      batch->output_step_stride, out->width)) {
    return trine_fail(device, TRINE_ERR_ARG,
                      "the strides of the batch lead beyond what a pointer can reach: input %llu "
                      "and %llu, output %llu and %llu bytes, %u sequences of up to %u steps",
                      (unsigned long long)batch->input_batch_stride,
                      (unsigned long long)batch->input_step_stride,
                      (unsigned long long)batch->output_batch_stride,
                      (unsigned long long)batch->output_step_stride, batch->sequences, longest);
  }
  if (!is_whole(job, batch->state_in, &layer) || !is_whole(job, batch->state_out, &layer)) {
    return trine_fail(device, TRINE_ERR_ARG,
                      "the state of layer %s has an h but no c; it needs both",
                      job->network->layers[layer].name);
  }
  for (uint32_t n = 0; trine_needs_state(job, batch) && n < job->network->layer_count; n++) {
    if (!is_addressable(batch->sequences, 2 * (uint64_t)job->network->layers[n].units, 1, 0,
                        2 * job->network->layers[n].units)) {
      return trine_fail(
          device, TRINE_ERR_ARG,
          "the states of %u sequences of layer %s are beyond what a pointer can reach",
          batch->sequences, job->network->layers[n].name);
    }
  }
  return TRINE_OK;
}

enum trine_status trine_check_batch(struct trine_job *job, const struct trine_batch *batch) {
  struct trine *device = job->device;
  if (job->is_active) {
    return trine_fail(device, TRINE_ERR_BUSY,
                      "the job was started and not yet waited for; trine_job_wait comes first");
  }
  if (batch == NULL || batch->sequences < 1 || batch->lengths == NULL || batch->input == NULL ||
      batch->output == NULL) {
    return trine_fail(device, TRINE_ERR_ARG,
                      "a batch needs at least one sequence, its lengths, input and output");
  }
  for (uint32_t b = 0; b < batch->sequences; b++) {
    if (batch->lengths[b] < 1 || batch->lengths[b] > INT32_MAX) {
      return trine_fail(device, TRINE_ERR_ARG, "sequence %u has %u steps; 1 to %d are possible", b,
                        batch->lengths[b], (int)INT32_MAX);
    }
    if (!rows_fit(job, 1, batch->lengths[b]) && (!job->is_cuttable || most_steps(job) < 1)) {
      return trine_fail(device, TRINE_ERR_LIMIT,
                        "sequence %u with %u steps needs %llu bytes of rows at once; the job's "
                        "window has room for %u",
                        b, batch->lengths[b],
                        (unsigned long long)rows_bytes(job, 1, batch->lengths[b]),
                        job->window_size - job->rows_offset);
    }
  }
  if (trine_needs_state(job, batch) && job->kept.max_sequences < 1) {
    return trine_fail(device, TRINE_ERR_LIMIT,
                      "keeping the state of one sequence needs more rings and cell states than a "
                      "core of configuration %s has; run on more cores",
                      device->config);
  }
  return check_buffers(job, batch);
}

void trine_count_work(struct trine_job *job) {
  const struct trine_network *network = job->network;
  const struct trine_batch *batch = job->batch;
  struct trine_stats *stats = &job->stats;
  memset(stats, 0, sizeof *stats);
  stats->cores = job->placement.ranks;
  for (uint32_t b = 0; b < batch->sequences; b++) {
    stats->steps += batch->lengths[b];
  }
  for (uint32_t k = 0; k < network->chain_count; k++) {
    bool is_short = job->tensor[network->chains[k].source].per_sequence;
    uint64_t steps = is_short ? batch->sequences : stats->steps;
    for (uint32_t n = 0; n < network->chains[k].layer_count; n++) {
      const struct trine_layer *layer = &network->layers[network->chains[k].first_layer + n];
      stats->macs += steps * layer->units * trine_unit_macs(layer);
    }
  }
  uint64_t bytes = 0;
  for (uint32_t t = 0; t < network->tensor_count; t += network->tensor_count - 1) {
    for (uint32_t p = 0; p < network->tensors[t].part_count; p++) {
      bytes += network->tensors[t].part_width[p] *
               (job->tensor[t].per_sequence ? batch->sequences : stats->steps);
    }
  }
  const struct trine_info *info = &job->device->info;
  uint64_t macs_a_cycle = (uint64_t)info->lanes * info->macs_per_lane * stats->cores;
  uint64_t by_macs = (stats->macs + macs_a_cycle - 1) / macs_a_cycle;
  uint64_t by_bytes = (bytes + info->mem_bytes - 1) / info->mem_bytes;
  stats->limit_cycles = by_macs > by_bytes ? by_macs : by_bytes;
}
