/* SPDX-License-Identifier: Apache-2.0 */
/* trine_pack: bytes as the device wants them: weights, parameters, states and rows, gathered in a
 * job's stream buffer and written to its window in bursts. */
#include <string.h>

#include "trine_internal.h"

void trine_stream_start(struct stream *stream, struct trine_job *job, uint32_t offset) {
  stream->job = job;
  stream->offset = offset;
  stream->used = 0;
  stream->status = TRINE_OK;
}

static void flush(struct stream *stream) {
  if (stream->used > 0 && stream->status == TRINE_OK) {
    stream->status =
        trine_memory_write(stream->job->device, stream->job->window_base + stream->offset,
                           stream->job->stream, stream->used);
  }
  stream->offset += stream->used;
  stream->used = 0;
}

/* Copies data, or zeros when it is NULL. */
static void put(struct stream *stream, const uint8_t *data, uint32_t len) {
  while (len > 0) {
    uint32_t now = TRINE_STREAM_BYTES - stream->used;
    now = now < len ? now : len;
    uint8_t *place = stream->job->stream + stream->used;
    if (data != NULL) {
      memcpy(place, data, now);
      data += now;
    } else {
      memset(place, 0, now);
    }
    stream->used += now;
    len -= now;
    if (stream->used == TRINE_STREAM_BYTES) {
      flush(stream);
    }
  }
}

void trine_stream_put(struct stream *stream, const void *data, uint32_t len) {
  put(stream, data, len);
}

void trine_stream_zero(struct stream *stream, uint32_t len) {
  put(stream, NULL, len);
}

enum trine_status trine_stream_finish(struct stream *stream) {
  trine_stream_zero(stream, (4 - stream->used % 4) % 4);
  flush(stream);
  return stream->status;
}

static void put_word(struct stream *stream, uint32_t word) {
  uint8_t bytes[4] = {(uint8_t)word, (uint8_t)(word >> 8), (uint8_t)(word >> 16),
                      (uint8_t)(word >> 24)};
  put(stream, bytes, sizeof bytes);
}

/* Where the columns of a matrix lie in the padded vector it is multiplied with. */
struct columns {
  uint32_t parts;
  uint32_t offset[TRINE_MAX_PARTS], width[TRINE_MAX_PARTS];
};

static struct columns layer_columns(const struct trine_job *job, uint32_t n) {
  const struct trine_chain *chain = trine_layer_chain(job->network, n);
  struct columns columns = {.parts = 1, .width = {job->network->layers[n].inputs}};
  if (chain->first_layer == n) {
    const struct trine_tensor *tensor = &job->network->tensors[chain->source];
    columns.parts = tensor->part_count;
    for (uint32_t p = 0; p < tensor->part_count; p++) {
      columns.offset[p] = job->tensor[chain->source].part_offset[p];
      columns.width[p] = tensor->part_width[p];
    }
  }
  return columns;
}

/* Bytes [place, place + len) of the padded vector's columns of one row, zeros in between. */
static void put_chunk(struct stream *stream, const struct columns *columns, const int8_t *row,
                      uint32_t place, uint32_t len) {
  uint8_t chunk[256] = {0};
  uint32_t column = 0;
  for (uint32_t p = 0; p < columns->parts; p++) {
    uint32_t begin = columns->offset[p] > place ? columns->offset[p] : place;
    uint32_t end = columns->offset[p] + columns->width[p];
    end = end < place + len ? end : place + len;
    if (begin < end) {
      memcpy(chunk + (begin - place), row + column + (begin - columns->offset[p]), end - begin);
    }
    column += columns->width[p];
  }
  put(stream, chunk, len);
}

/* A phase: groups x chunks words. matrices has one entry a gate (LSTM) or one (dense). */
static void put_phase(struct stream *stream, const struct trine_info *info,
                      const struct trine_layer *layer, const struct slice_layout *slice,
                      const int8_t *const *matrices, const struct columns *columns,
                      uint32_t row_width, uint32_t chunks) {
  uint32_t gates = layer->kind == TRINE_LAYER_LSTM ? TRINE_GATES : 1;
  uint32_t group_units = info->lanes / gates;
  for (uint32_t g = 0; g < slice->groups; g++) {
    for (uint32_t k = 0; k < chunks; k++) {
      for (uint32_t lane = 0; lane < info->lanes; lane++) {
        uint32_t unit = g * group_units + lane / gates;
        if (unit < slice->units) {
          const int8_t *row = matrices[lane % gates] + (size_t)(slice->first + unit) * row_width;
          put_chunk(stream, columns, row, k * info->macs_per_lane, info->macs_per_lane);
        } else {
          trine_stream_zero(stream, info->macs_per_lane);
        }
      }
    }
  }
}

enum trine_status trine_pack_weights(struct trine_job *job, uint32_t rank) {
  const struct trine_info *info = &job->device->info;
  struct stream stream;
  trine_stream_start(&stream, job, job->weights_offset[rank]);
  for (uint32_t v = 0; v < trine_lines(job->network, &job->placement); v++) {
    uint32_t n = v % job->network->layer_count;
    const struct trine_layer *layer = &job->network->layers[n];
    const struct slice_layout *slice = &job->plain.slice[v][rank];
    if (slice->units == 0 || slice->is_shared) {
      continue;
    }
    struct columns columns = layer_columns(job, n);
    put_phase(&stream, info, layer, slice, layer->w, &columns, layer->inputs, slice->x_chunks);
    if (layer->kind == TRINE_LAYER_LSTM) {
      struct columns recurrent = {.parts = 1, .width = {layer->units}};
      put_phase(&stream, info, layer, slice, layer->r, &recurrent, layer->units, slice->h_chunks);
    }
  }
  return trine_stream_finish(&stream);
}

static void put_rows(struct stream *stream, const struct trine_info *info,
                     const struct trine_layer *layer, const struct slice_layout *slice,
                     const struct trine_requant *const *rows) {
  uint32_t gates = layer->kind == TRINE_LAYER_LSTM ? TRINE_GATES : 1;
  for (uint32_t n = 0; n < slice->groups * info->lanes; n++) {
    uint32_t unit = n / gates;
    struct trine_requant row = {0};
    if (unit < slice->units) {
      row = rows[n % gates][slice->first + unit];
    }
    put_word(stream, (uint32_t)row.bias);
    put_word(stream, (uint32_t)row.multiplier);
    put_word(stream, (uint32_t)(int32_t)row.shift);
    put_word(stream, 0);
  }
}

enum trine_status trine_pack_params(struct trine_job *job, uint32_t rank) {
  const struct trine_info *info = &job->device->info;
  struct stream stream;
  trine_stream_start(&stream, job, job->params_offset[rank]);
  for (uint32_t v = 0; v < trine_lines(job->network, &job->placement); v++) {
    const struct trine_layer *layer = trine_line_layer(job->network, v);
    const struct slice_layout *slice = &job->plain.slice[v][rank];
    if (slice->units == 0 || slice->is_shared) {
      continue;
    }
    put_rows(&stream, info, layer, slice, layer->x_rows);
    if (layer->kind == TRINE_LAYER_LSTM) {
      put_rows(&stream, info, layer, slice, layer->h_rows);
    }
  }
  return trine_stream_finish(&stream);
}

uint32_t trine_piece_length(const struct trine_job *job, uint32_t n) {
  return job->piece.is_cut ? job->piece.steps : job->batch->lengths[job->piece.first + n];
}

uint32_t trine_piece_rows(const struct trine_job *job, uint32_t tensor) {
  return job->tensor[tensor].per_sequence ? job->piece.count : job->piece.steps;
}

uint32_t trine_copy_rows(const struct trine_job *job, uint32_t tensor, uint32_t copy) {
  return job->tensor[tensor].per_sequence ? job->piece.copy_count[copy]
                                          : job->piece.copy_steps[copy];
}

/* The caller's state of a layer, or NULL when it starts from z_h and 0. */
static const struct trine_lstm_state *given_state(const struct trine_job *job, uint32_t n) {
  const struct trine_lstm_state *states = job->batch->state_in;
  return states != NULL && states[n].h != NULL ? &states[n] : NULL;
}

static enum trine_status pack_kept_h(struct trine_job *job, uint32_t line) {
  uint32_t n = line % job->network->layer_count, copy = trine_line_copy(job->network, line);
  const struct trine_layer *layer = &job->network->layers[n];
  const struct trine_lstm_state *state = given_state(job, n);
  uint32_t bytes = job->kept.channel[line].stride * trine_geometry(&job->device->info).vec_bytes;
  struct stream stream;
  trine_stream_start(&stream, job, job->kept.h_image[line]);
  for (uint32_t s = trine_copy_next(job, copy, UINT32_MAX); s < job->piece.count;
       s = trine_copy_next(job, copy, s)) {
    size_t at = (size_t)(job->piece.first + s) * layer->units;
    if (state != NULL) {
      trine_stream_put(&stream, state->h + at, layer->units);
    }
    for (uint32_t u = 0; state == NULL && u < layer->units; u++) {
      trine_stream_put(&stream, &layer->zero_point, 1);
    }
    trine_stream_zero(&stream, bytes - layer->units);
  }
  return trine_stream_finish(&stream);
}

static enum trine_status pack_kept_c(struct trine_job *job, uint32_t line, uint32_t rank) {
  uint32_t n = line % job->network->layer_count, copy = trine_line_copy(job->network, line);
  const struct trine_layer *layer = &job->network->layers[n];
  const struct slice_layout *slice = &job->kept.slice[line][rank];
  const struct trine_lstm_state *state = given_state(job, n);
  struct stream stream;
  trine_stream_start(&stream, job, slice->image);
  for (uint32_t s = trine_copy_next(job, copy, UINT32_MAX); s < job->piece.count;
       s = trine_copy_next(job, copy, s)) {
    size_t at = (size_t)(job->piece.first + s) * layer->units + slice->first;
    for (uint32_t u = 0; u < slice->state_stride; u++) {
      bool is_given = state != NULL && u < slice->units;
      put_word(&stream, is_given ? (uint16_t)state->c[at + u] : 0);
    }
  }
  return trine_stream_finish(&stream);
}

enum trine_status trine_pack_states(struct trine_job *job) {
  enum trine_status status = TRINE_OK;
  uint32_t lines = trine_lines(job->network, &job->placement);
  for (uint32_t n = 0; n < lines && status == TRINE_OK; n++) {
    if (trine_line_layer(job->network, n)->kind != TRINE_LAYER_LSTM) {
      continue;
    }
    status = pack_kept_h(job, n);
    for (uint32_t r = 0; r < job->placement.ranks && status == TRINE_OK; r++) {
      if (job->kept.slice[n][r].units > 0) {
        status = pack_kept_c(job, n, r);
      }
    }
  }
  return status;
}

size_t trine_states_bytes(const struct trine_info *info) {
  return 4 * (size_t)info->cores * info->state_units; /* no run saves more than there are */
}

/* Bytes that SAVE has left of one slice. */
static uint32_t saved_bytes(const struct trine_job *job, uint32_t line, uint32_t rank) {
  return 4 * job->kept.slice[line][rank].state_stride *
         job->piece.copy_count[trine_line_copy(job->network, line)];
}

static enum trine_status fetch_slice(struct trine_job *job, uint32_t line, uint32_t rank,
                                     uint8_t *to) {
  const uint64_t from = job->window_base + job->kept.slice[line][rank].image;
  const uint32_t count = saved_bytes(job, line, rank);
  enum trine_status status = TRINE_OK;
  for (uint32_t at = 0; at < count && status == TRINE_OK; at += TRINE_STREAM_BYTES) {
    const uint32_t now = count - at < TRINE_STREAM_BYTES ? count - at : TRINE_STREAM_BYTES;
    status = trine_memory_read(job->device, from + at, to + at, now);
  }
  return status;
}

/* Gives the caller one slice's entries. */
static void store_slice(const struct trine_job *job, uint32_t line, uint32_t rank,
                        const uint8_t *bytes) {
  uint32_t n = line % job->network->layer_count, copy = trine_line_copy(job->network, line);
  const struct slice_layout *slice = &job->kept.slice[line][rank];
  const struct trine_lstm_state *state = &job->batch->state_out[n];
  for (uint32_t s = trine_copy_next(job, copy, UINT32_MAX); s < job->piece.count;
       s = trine_copy_next(job, copy, s)) {
    size_t at = ((size_t)job->piece.first + s) * job->network->layers[n].units + slice->first;
    for (uint32_t u = 0; u < slice->units; u++) {
      const uint8_t *word = bytes + 4 * (size_t)u;
      state->c[at + u] = (int16_t)(uint16_t)(word[0] | word[1] << 8);
      state->h[at + u] = (int8_t)word[2];
    }
    bytes += 4 * (size_t)slice->state_stride;
  }
}

/* Whether the caller wants the state of a line's layer, and the rank has some of it. */
static bool is_wanted(const struct trine_job *job, uint32_t line, uint32_t rank) {
  const uint32_t n = line % job->network->layer_count;
  return job->network->layers[n].kind == TRINE_LAYER_LSTM && job->batch->state_out[n].h != NULL &&
         job->kept.slice[line][rank].units > 0;
}

enum trine_status trine_unpack_states(struct trine_job *job) {
  enum trine_status status = TRINE_OK;
  const uint32_t lines = trine_lines(job->network, &job->placement);
  if (job->batch->state_out == NULL) {
    return TRINE_OK;
  }
  size_t at = 0;
  for (uint32_t n = 0; n < lines * job->placement.ranks && status == TRINE_OK; n++) {
    const uint32_t line = n / job->placement.ranks, rank = n % job->placement.ranks;
    if (is_wanted(job, line, rank)) {
      status = fetch_slice(job, line, rank, job->states + at);
      at += saved_bytes(job, line, rank);
    }
  }
  at = 0;
  for (uint32_t n = 0; n < lines * job->placement.ranks && status == TRINE_OK; n++) {
    const uint32_t line = n / job->placement.ranks, rank = n % job->placement.ranks;
    if (is_wanted(job, line, rank)) {
      store_slice(job, line, rank, job->states + at);
      at += saved_bytes(job, line, rank);
    }
  }
  return status;
}

enum trine_status trine_pack_input(struct trine_job *job) {
  const struct trine_tensor *tensor = &job->network->tensors[0];
  const struct tensor_layout *layout = &job->tensor[0];
  struct stream stream;
  trine_stream_start(&stream, job, layout->offset);
  for (uint32_t s = 0; s < job->piece.count; s++) {
    uint64_t sequence = job->piece.first + s;
    for (uint32_t t = 0; t < trine_piece_length(job, s); t++) {
      const int8_t *row = job->batch->input + sequence * job->batch->input_batch_stride +
                          (uint64_t)(job->piece.step + t) * job->batch->input_step_stride;
      for (uint32_t p = 0; p < tensor->part_count; p++) {
        uint32_t next = p + 1 < tensor->part_count ? layout->part_offset[p + 1] : layout->stride;
        trine_stream_put(&stream, row, tensor->part_width[p]);
        trine_stream_zero(&stream, next - layout->part_offset[p] - tensor->part_width[p]);
        row += tensor->part_width[p];
      }
    }
  }
  return trine_stream_finish(&stream);
}

/* Where the next row of the output belongs: sequence of the piece and row in it. */
struct output_place {
  uint32_t sequence, row;
};

static void put_output_row(struct trine_job *job, const uint8_t *bytes, struct output_place *at) {
  uint32_t index = job->network->tensor_count - 1;
  const struct trine_tensor *tensor = &job->network->tensors[index];
  const struct tensor_layout *layout = &job->tensor[index];
  uint64_t row = layout->per_sequence ? 0 : job->piece.step + at->row;
  int8_t *place = job->batch->output +
                  (uint64_t)(job->piece.first + at->sequence) * job->batch->output_batch_stride +
                  row * job->batch->output_step_stride;
  for (uint32_t p = 0; p < tensor->part_count; p++) {
    memcpy(place, bytes + layout->part_offset[p], tensor->part_width[p]);
    place += tensor->part_width[p];
  }
  at->row++;
  if (layout->per_sequence || at->row == trine_piece_length(job, at->sequence)) {
    at->sequence++;
    at->row = 0;
  }
}

enum trine_status trine_unpack_output(struct trine_job *job) {
  uint32_t index = job->network->tensor_count - 1;
  const struct tensor_layout *layout = &job->tensor[index];
  if (layout->per_sequence && !job->piece.is_last) {
    return TRINE_OK; /* its row comes with the sequence's last piece */
  }
  uint32_t rows = trine_piece_rows(job, index);
  uint32_t most = TRINE_STREAM_BYTES / layout->stride;
  struct output_place at = {0, 0};
  for (uint32_t begin = 0; begin < rows; begin += most) {
    uint32_t now = rows - begin < most ? rows - begin : most;
    uint64_t offset = (uint64_t)layout->offset + (uint64_t)begin * layout->stride;
    enum trine_status status = trine_memory_read(job->device, job->window_base + offset,
                                                 job->stream, now * layout->stride);
    if (status != TRINE_OK) {
      return status;
    }
    for (uint32_t n = 0; n < now; n++) {
      put_output_row(job, job->stream + (size_t)n * layout->stride, &at);
    }
  }
  return TRINE_OK;
}
