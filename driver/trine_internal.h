/* SPDX-License-Identifier: Apache-2.0 */
/* trine_internal: the driver's own records, shared by its files and by nobody else. */
#ifndef TRINE_INTERNAL_H
#define TRINE_INTERNAL_H

#include "trine.h"

enum {
  TRINE_CHANNELS = 16, /* a domain */
  TRINE_READERS = 2,   /* memory readers a core */
  TRINE_WRITERS = 2,   /* memory writers a core */
  TRINE_PAGE_BYTES = 4096,
  TRINE_STREAM_BYTES = 16384, /* bytes a job gathers before it writes them to the device */
  TRINE_NO_CONTEXT = 255
};

/* A run on the device that nobody here waits for: another process started it, or it was not seen
 * to stop. Its cores and its window stay out of use while it goes on. */
struct stray {
  bool is_there;
  uint32_t core_mask;
  uint64_t window_base, window_bytes;
};

/* A limit in time, from a start on. */
struct patience {
  uint64_t start_us, limit_us, last_us;
  uint32_t still; /* looks since the clock moved */
};

struct trine {
  bool is_open;
  struct trine_bus bus;
  struct trine_info info;
  uint64_t memory_base, memory_size;
  char config[32];
  char error[320];
  struct trine_job *jobs;                      /* all that exist, linked by next */
  struct trine_job *running[TRINE_MAX_CORES];  /* [slot] */
  struct trine_job *resident[TRINE_MAX_CORES]; /* [slot] whose set-up the last run left */
  struct stray stray[TRINE_MAX_CORES];         /* [slot] */
  uint64_t calendar_us, clock_us;              /* of a bus without a clock: last read, counted */
};

/* Derived sizes of a device, computed once a layout. */
struct geometry {
  uint32_t group_units; /* units of a row group of an LSTM */
  uint32_t word_bytes;  /* of the weight buffer */
  uint32_t weight_words;
  uint32_t vec_bytes; /* of a ring word */
  uint32_t ring_words;
  uint32_t group_beats; /* parameter beats of a row group */
  uint32_t param_beats;
};

/* A slice of a layer on a rank: where its context finds everything. */
struct slice_layout {
  uint8_t context; /* TRINE_NO_CONTEXT: no units here */
  uint16_t first, units, groups;
  uint16_t x_chunks, h_chunks;
  uint32_t x_weight, h_weight; /* words */
  uint32_t x_param, h_param;   /* beats */
  uint32_t pre, state;         /* entries */
  uint32_t state_stride;       /* entries of one sequence; 0 without kept state */
  uint32_t ring;               /* word of the kept h of sequence 0 */
  uint32_t image;              /* window offset of the kept state entries */
  bool is_shared;              /* weights and parameters are those of an earlier copy */
};

/* A channel: line v publishes on v, the reader of course q on lines + q (see trine_lines). */
struct channel_layout {
  uint32_t width;     /* bytes of a vector */
  uint32_t words;     /* bus words that complete it */
  uint32_t stride;    /* ring words of a slot */
  uint32_t listeners; /* cores */
  uint8_t users[TRINE_MAX_CORES];
  uint32_t ring[TRINE_MAX_CORES];
};

struct chain_layout {
  uint32_t stage;
  uint32_t in_channel, out_channel;
  uint32_t reader_rank, reader, writer_rank, writer;
};

/* Everything a program says that does not depend on the batch. */
struct layout {
  bool kept;
  uint32_t max_sequences; /* of one copy in one device run */
  uint32_t stages;
  uint32_t weight_words[TRINE_MAX_CORES], param_beats[TRINE_MAX_CORES]; /* [rank] */
  struct slice_layout slice[TRINE_MAX_LAYERS][TRINE_MAX_CORES];
  struct channel_layout channel[TRINE_CHANNELS];
  struct chain_layout chain[TRINE_MAX_CHAINS];
  uint32_t h_image[TRINE_MAX_LAYERS]; /* window offset of the kept h of a line, as in the rings */
};

/* A tensor in the window. */
struct tensor_layout {
  uint32_t stride; /* bytes of a row, parts padded */
  uint32_t width;  /* bytes up to the end of the last part */
  uint32_t part_offset[TRINE_MAX_PARTS];
  bool per_sequence; /* one row a sequence instead of one a step */
  uint32_t offset;   /* in the window, for the run at hand */
};

/* Sequences [first, first + count) of a batch; in one that is cut, steps [step, step + steps). */
struct piece {
  uint32_t first, count;
  uint32_t step, steps;                  /* steps: of all sequences of the piece */
  bool is_cut;                           /* one sequence, not whole */
  bool is_first, is_last;                /* of the sequence, when cut; both true otherwise */
  uint32_t copy_count[TRINE_MAX_COPIES]; /* sequences dealt to each copy */
  uint32_t copy_steps[TRINE_MAX_COPIES];
};

struct trine_job {
  struct trine *device;
  struct trine_job *next;
  const struct trine_network *network;
  struct trine_placement placement;
  struct layout plain, kept;
  struct tensor_layout tensor[TRINE_MAX_TENSORS];
  uint32_t core_mask;
  uint32_t timeout_ms;
  uint64_t window_base;
  uint32_t window_size;
  uint32_t weights_offset[TRINE_MAX_CORES], params_offset[TRINE_MAX_CORES];
  uint32_t program_bytes; /* room for a program at the window's start */
  uint32_t state_offset, rows_offset;
  bool is_cuttable; /* a sequence may be cut in time */
  uint8_t *stream;  /* TRINE_STREAM_BYTES */
  uint32_t *words;  /* program being made, program_bytes */
  uint8_t *copy_of; /* of each sequence of the piece; TRINE_MAX_COPIES * table entries */
  uint8_t *states;  /* saved entries of one run, until all are home; trine_states_bytes */

  /* The run under way. */
  bool is_active;
  bool is_started; /* START may have been accepted, and no end was seen */
  struct patience patience;
  uint32_t slot;
  const struct trine_batch *batch;
  struct piece piece;
  bool batch_kept;
  bool resident_kept; /* which layout the contexts on the device have */
  struct trine_stats stats;
};

/* Bytes gathered and written in bursts. */
struct stream {
  struct trine_job *job;
  uint32_t offset; /* in the window, of buffer[0] */
  uint32_t used;
  enum trine_status status;
};

/* A line is a layer of one copy, copy * layer_count + layer; a course a chain of one copy,
 * copy * chain_count + chain. Layouts are indexed by them. */
static inline uint32_t trine_lines(const struct trine_network *network,
                                   const struct trine_placement *placement) {
  return placement->copies * network->layer_count;
}
static inline uint32_t trine_courses(const struct trine_network *network,
                                     const struct trine_placement *placement) {
  return placement->copies * network->chain_count;
}
static inline uint32_t trine_line_copy(const struct trine_network *network, uint32_t line) {
  return line / network->layer_count;
}
static inline const struct trine_layer *trine_line_layer(const struct trine_network *network,
                                                         uint32_t line) {
  return &network->layers[line % network->layer_count];
}
static inline uint32_t trine_course_copy(const struct trine_network *network, uint32_t course) {
  return course / network->chain_count;
}
static inline const struct trine_chain *trine_course_chain(const struct trine_network *network,
                                                           uint32_t course) {
  return &network->chains[course % network->chain_count];
}
/* First line of a course. */
static inline uint32_t trine_course_line(const struct trine_network *network, uint32_t course) {
  return trine_course_copy(network, course) * network->layer_count +
         trine_course_chain(network, course)->first_layer;
}
/* Products of one unit of a layer in one step. */
static inline uint64_t trine_unit_macs(const struct trine_layer *layer) {
  return layer->kind == TRINE_LAYER_LSTM
             ? (uint64_t)TRINE_GATES * ((uint64_t)layer->inputs + layer->units)
             : layer->inputs;
}

/* --- trine_core.c --- */
enum trine_status trine_fail(struct trine *device, enum trine_status status, const char *format,
                             ...) __attribute__((format(printf, 3, 4)));
/* Goes on with the sentence that is there. */
void trine_add_to_error(struct trine *device, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/* ARG unless trine_open has succeeded. */
enum trine_status trine_check_open(struct trine *device);
enum trine_status trine_reg_read(struct trine *device, uint32_t addr, uint32_t *value);
enum trine_status trine_reg_read64(struct trine *device, uint32_t low_addr, uint64_t *value);
enum trine_status trine_reg_write(struct trine *device, uint32_t addr, uint32_t value);
enum trine_status trine_memory_read(struct trine *device, uint64_t addr, void *data, uint32_t len);
enum trine_status trine_memory_write(struct trine *device, uint64_t addr, const void *data,
                                     uint32_t len);
static inline uint32_t trine_divide_up(uint32_t a, uint32_t b) {
  return a / b + (a % b != 0);
}
static inline uint64_t trine_divide_up64(uint64_t a, uint64_t b) {
  return a / b + (a % b != 0);
}
static inline uint32_t trine_round_up(uint32_t a, uint32_t b) {
  return trine_divide_up(a, b) * b;
}
struct geometry trine_geometry(const struct trine_info *info);

/* --- trine_info.c --- */
/* Reads hash, features and parameters, and refuses what the driver does not serve. */
enum trine_status trine_read_info(struct trine *device);

/* --- trine_health.c --- */
/* Microseconds by the clock of the bus. */
uint64_t trine_now_us(struct trine *device);
void trine_patience_start(struct patience *patience, struct trine *device, uint32_t limit_ms);
/* Milliseconds that are left, rounded up; false when none are. */
bool trine_patience_left(struct patience *patience, struct trine *device, uint32_t *left_ms);
/* Milliseconds from the start to the last look. */
uint64_t trine_patience_spent_ms(const struct patience *patience);
/* Address of a register of a domain slot. */
uint32_t trine_slot_reg(uint32_t slot, uint32_t offset);
/* Whether a slot with this STATUS runs or stops. */
bool trine_is_at_work(uint32_t status_register);
uint32_t trine_all_cores(const struct trine *device);
enum trine_status trine_read_cores(struct trine *device, uint32_t *busy, uint32_t *quarantine);
/* Aborts a slot's run; true when it was seen at rest within the limit. */
bool trine_stop_slot(struct trine *device, uint32_t slot, uint32_t limit_ms);
/* Strays: those that run now, at trine_open; those that have ended are forgotten; their cores. */
enum trine_status trine_find_strays(struct trine *device);
enum trine_status trine_update_strays(struct trine *device);
uint32_t trine_stray_cores(const struct trine *device);
void trine_add_stray(struct trine *device, uint32_t slot, const struct stray *stray);

/* --- trine_check.c --- */
/* Most copies of a network's contexts for which there are channels. */
uint32_t trine_most_copies(const struct trine_network *network);
/* Whether its counts are within what the driver's tables hold. */
bool trine_network_has_room(const struct trine_network *network);
/* The network against itself (trine_network_consistent) and the sizes of the device. */
enum trine_status trine_check_network(struct trine *device, const struct trine_network *network);
/* Lays a tensor's parts out for a memory width; offset and per_sequence are left alone. */
void trine_tensor_parts(const struct trine_tensor *tensor, uint32_t mem_bytes,
                        struct tensor_layout *layout);
bool trine_tensor_per_sequence(const struct trine_network *network, uint32_t tensor);
/* Padded bytes of the vectors a layer reads. */
uint32_t trine_layer_width(const struct trine_network *network, uint32_t layer, uint32_t mem_bytes);
/* The chain a layer belongs to. */
const struct trine_chain *trine_layer_chain(const struct trine_network *network, uint32_t layer);
/* Units of one row group. */
uint32_t trine_granule(const struct trine_info *info, const struct trine_layer *layer);
/* Earliest stage of each chain, by what must be written before it; false if chains wait for each
 * other. Returns the number of stages in *stages. */
bool trine_chain_levels(const struct trine_network *network, uint32_t level[TRINE_MAX_CHAINS],
                        uint32_t *levels);

/* --- trine_place.c --- */
/* Layers that may run at the same time, in order. */
struct level_layers {
  uint32_t count;
  uint32_t layer[TRINE_MAX_LAYERS];
};
/* The layers of the chains whose level (see trine_chain_levels) is `level`. */
struct level_layers trine_level_layers(const struct trine_network *network, const uint32_t *levels,
                                       uint32_t level);
/* Cycles of one step of `units` units of a layer on one core. */
uint64_t trine_slice_cycles(const struct trine_info *info, const struct trine_network *network,
                            uint32_t layer, uint32_t units);
enum trine_status trine_check_placement(struct trine *device, const struct trine_network *network,
                                        const struct trine_placement *placement);

/* --- trine_layout.c --- */
enum trine_status trine_make_layout(struct trine *device, const struct trine_network *network,
                                    const struct trine_placement *placement, bool kept,
                                    struct layout *layout);

/* --- trine_job.c --- */
/* Layouts, window and place of everything, for the placement the job has; nothing is written. With
 * trine_check_batch after it, all that can refuse a placement is asked. */
enum trine_status trine_lay_job(struct trine_job *job, const struct trine_job_options *options);

/* --- trine_pack.c --- */
void trine_stream_start(struct stream *stream, struct trine_job *job, uint32_t offset);
void trine_stream_put(struct stream *stream, const void *data, uint32_t len);
void trine_stream_zero(struct stream *stream, uint32_t len);
/* Pads to a multiple of 4 and writes what is left. */
enum trine_status trine_stream_finish(struct stream *stream);
enum trine_status trine_pack_weights(struct trine_job *job, uint32_t rank);
enum trine_status trine_pack_params(struct trine_job *job, uint32_t rank);
enum trine_status trine_pack_states(struct trine_job *job);
/* Brings the states of the run home; the caller's change only when all of them have come. */
enum trine_status trine_unpack_states(struct trine_job *job);
/* Bytes of job->states. */
size_t trine_states_bytes(const struct trine_info *info);
enum trine_status trine_pack_input(struct trine_job *job);
enum trine_status trine_unpack_output(struct trine_job *job);
/* Sequence number, in the piece, of the one after `at` that a copy has; begins with at = -1;
 * count of the piece when there are no more. */
uint32_t trine_copy_next(const struct trine_job *job, uint32_t copy, uint32_t at);
/* Rows a tensor has in the piece under way. */
uint32_t trine_piece_rows(const struct trine_job *job, uint32_t tensor);
/* The same for the sequences of one copy. */
uint32_t trine_copy_rows(const struct trine_job *job, uint32_t tensor, uint32_t copy);
/* Steps of sequence n (0..count-1) of the piece under way. */
uint32_t trine_piece_length(const struct trine_job *job, uint32_t n);

/* --- trine_piece.c --- */
/* The piece after job->piece, with its tensors' places; false when the batch is done. */
bool trine_next_piece(struct trine_job *job);
/* Whether the batch gives or wants the state of a layer. */
bool trine_needs_state(const struct trine_job *job, const struct trine_batch *batch);
enum trine_status trine_check_batch(struct trine_job *job, const struct trine_batch *batch);
/* Starts the statistics of job->batch: macs, steps, limit_cycles. */
void trine_count_work(struct trine_job *job);

/* --- trine_run.c --- */
/* Memory and registers for the piece at hand, all but START. */
enum trine_status trine_prepare(struct trine_job *job);
/* START; the time of the run begins. */
enum trine_status trine_kick(struct trine_job *job);
/* Right after START, with what trine_kick has returned: BUSY when STATUS says that it was refused,
 * because the slot ran; what runs there is then left alone. A bus need not show a refusal. */
enum trine_status trine_confirm_start(struct trine_job *job, enum trine_status kicked);
/* Gives slot and cores back. */
void trine_release(struct trine_job *job);
/* Stops a job and releases it; the sentence of the error that led here stays, and says too when
 * the job was not seen to stop or left a core in quarantine. */
void trine_abandon(struct trine_job *job);
/* Address of a register of the job's slot. */
uint32_t trine_domain_reg(const struct trine_job *job, uint32_t offset);

/* --- trine_program.c --- */
uint32_t trine_crc32(const void *data, size_t len);
/* Largest program of a job on `ranks` cores with `copies` of its contexts, bytes. */
uint32_t trine_program_bound(const struct trine_info *info, const struct trine_network *network,
                             uint32_t ranks, uint32_t copies);
/* Makes the program of the piece under way and writes it to the window. with_loads: weights and
 * parameters too; resident: contexts and channels are there already. */
enum trine_status trine_write_program(struct trine_job *job, bool with_loads, bool resident);

#endif
