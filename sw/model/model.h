/* SPDX-License-Identifier: Apache-2.0 */
/** @file
 * model: an int8 LSTM network from a .tflite file, ready to run on the golden model or a device.
 *
 * A model is a list of segments: networks (struct trine_network, run by the caller's function) and
 * what runs here, on the host: operators between and behind the layers, and LSTMs with a cell scale
 * that no device has. B and T are the caller's, those of the file are defaults; a model that
 * computes something else with another T runs at the file's only (fixed_steps). Everything a model
 * returns a pointer to belongs to it and lives until trine_model_free. Threads: a model is not
 * changed by running it, any number may share one; each batch is its caller's.
 *
 * Pointers: never NULL, and not kept behind the call, unless it is said. */
#ifndef TRINE_MODEL_H
#define TRINE_MODEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "io/array.h"
#include "trine_network.h"

#ifdef __cplusplus
extern "C" {
#endif

/** A model that was read. */
struct trine_model;

/** Loads a model; *model is the caller's, to be given to trine_model_free. error may be NULL.
 * Errors: ARG (no path), NOT_FOUND, FILE, FORMAT (no .tflite, or a damaged one), UNSUPPORTED (the
 * sentence names the part that runs, if one does), MEMORY. The sentence begins with the path.
 * @param path of the file
 * @param model set
 * @param error the sentence, or NULL
 * @return OK or an error of those */
enum trine_status trine_model_load(const char *path, struct trine_model **model,
                                   struct trine_error *error) __attribute__((warn_unused_result));
/** The same from memory; the bytes are copied, *model is the caller's. Errors: ARG (no bytes),
 * FORMAT, UNSUPPORTED, MEMORY.
 * @param bytes of a file
 * @param len_bytes of it
 * @param model set
 * @param error the sentence, or NULL
 * @return OK or an error of those */
enum trine_status trine_model_parse(const void *bytes, size_t len_bytes, struct trine_model **model,
                                    struct trine_error *error) __attribute__((warn_unused_result));
/** Frees a model and all that it gave.
 * @param model that was read, or NULL */
void trine_model_free(struct trine_model *model);

/** The same of a part of the file, from tensors `inputs` to `outputs` (names with commas between
 * them, or numbers); NULL: the file's own. Inputs of the file that the part needs beside those
 * named are its inputs too. Operators outside of it are not looked at. *model is the caller's.
 * @param path of the file
 * @param inputs tensors, or NULL
 * @param outputs tensors, or NULL
 * @param model set
 * @param error the sentence, or NULL
 * @return as of trine_model_load */
enum trine_status trine_model_load_part(const char *path, const char *inputs, const char *outputs,
                                        struct trine_model **model, struct trine_error *error)
    __attribute__((warn_unused_result));

/** Limits. */
enum {
  TRINE_MODEL_MAX_RANK = 7, /**< axes of an input or output */
  TRINE_MODEL_MAX_ENDS = 8  /**< inputs, and outputs */
};

/** Input or output of a model. */
struct trine_model_end {
  const char *name;      /**< of the file */
  enum trine_dtype type; /**< int8; numbers of ARG_MAX and for GATHER are int32 or int64, without
                            quantisation */
  float scale;           /**< value = (byte - zero_point) * scale */
  int8_t zero_point;     /**< byte of the real number 0 */
  bool is_float;    /**< the file's own tensor is float32; here it is its int8 bytes all the same */
  bool is_unsigned; /**< the file's own tensor is uint8; here its bytes are int8, the top bit turned
                     */
  bool has_time;    /**< false: one row a sequence (input: T must be 1) */
  bool time_major;  /**< time comes before batch */
  bool is_rows;     /**< the values of one sequence and step are side by side */
  uint32_t width;   /**< values of one sequence and step, or of one sequence without time */
};

/** What a model is. */
struct trine_model_info {
  struct trine_model_end input;          /**< the first input */
  struct trine_model_end output;         /**< the first output */
  uint32_t output_count;                 /**< 1 or more */
  const struct trine_model_end *outputs; /**< [output_count] */
  uint32_t fixed_steps;                  /**< T that the model runs at, 0: any */
  const char *fixed_by;                  /**< the operator that needs it, or NULL */
  uint32_t default_batch;                /**< the file's B */
  uint32_t default_steps;                /**< the file's T */
  uint32_t layer_count;                  /**< LSTMs and dense layers */
  uint32_t lstm_count;                   /**< LSTMs: states that a batch may give and want */
  uint32_t segment_count;                /**< networks and operators of the host, in their order */
  uint32_t input_count;                  /**< 1 or more */
  const struct trine_model_end *inputs;  /**< [input_count] */
};

/** A layer as the file has it, for reports. */
struct trine_model_layer {
  const char *name;                /**< of the file */
  enum trine_layer_kind kind;      /**< LSTM or dense */
  bool reversed;                   /**< runs backwards in time */
  uint32_t inputs;                 /**< width of what comes in */
  uint32_t units;                  /**< width of what goes out */
  uint64_t weight_bytes;           /**< without biases and scales */
  uint64_t macs_per_step;          /**< products */
  float input_scale;               /**< value = (byte - input_zero_point) * input_scale */
  float output_scale;              /**< the same of the output */
  int8_t input_zero_point;         /**< byte of 0 */
  int8_t output_zero_point;        /**< byte of 0 */
  const struct trine_layer *layer; /**< the integers: cell exponent, clip, multipliers */
  uint32_t segment;                /**< that runs it */
  uint32_t network_layer;          /**< index in that segment's network */
  int32_t lstm;                    /**< index among the LSTMs of the file, -1 for a dense layer */
};

/** What it is.
 * @param model that was read
 * @return never NULL; lives as long as the model */
const struct trine_model_info *trine_model_info(const struct trine_model *model);
/** index < layer_count, else NULL; in the file's order.
 * @param model that was read
 * @param index of the layer
 * @return NULL behind the last; lives as long as the model */
const struct trine_model_layer *trine_model_layer(const struct trine_model *model, uint32_t index);
/** The network of a segment, or NULL where it is a host operator or segment >= segment_count.
 * @param model that was read
 * @param segment index
 * @return NULL where there is none; lives as long as the model */
const struct trine_network *trine_model_network(const struct trine_model *model, uint32_t segment);
/** Whether such a network reads a row a step; else it reads one a sequence, or is none.
 * @param model that was read
 * @param segment index
 * @return whether it does */
bool trine_model_network_has_time(const struct trine_model *model, uint32_t segment);
/** Rows that such a network reads in a step, or of a sequence: 1 but for dense layers on more.
 * @param model that was read
 * @param segment index
 * @return rows, 1 where there is no network */
uint32_t trine_model_network_rows(const struct trine_model *model, uint32_t segment);
/** What a segment is called in reports: "network", "REVERSE_V2", ...; "none" beyond the last.
 * @param model that was read
 * @param segment index
 * @return static text, never NULL */
const char *trine_model_segment_name(const struct trine_model *model, uint32_t segment);

/** Shape of the first input or output for B sequences of at most T steps, in the file's layout;
 * returns the rank, at most TRINE_MODEL_MAX_RANK. A model without a batch axis gets one in front
 * when B is not 1. The product of the sizes is the number of values.
 * @param model that was read
 * @param batch B >= 1
 * @param steps T >= 1
 * @param shape set
 * @return axes */
uint32_t trine_model_input_shape(const struct trine_model *model, uint32_t batch, uint32_t steps,
                                 uint64_t shape[TRINE_MODEL_MAX_RANK]);
/** The same of input `index` (< input_count).
 * @param model that was read
 * @param index of the input
 * @param batch B >= 1
 * @param steps T >= 1
 * @param shape set
 * @return axes */
uint32_t trine_model_input_shape_of(const struct trine_model *model, uint32_t index, uint32_t batch,
                                    uint32_t steps, uint64_t shape[TRINE_MODEL_MAX_RANK]);
/** The same of the first output.
 * @param model that was read
 * @param batch B >= 1
 * @param steps T >= 1
 * @param shape set
 * @return axes */
uint32_t trine_model_output_shape(const struct trine_model *model, uint32_t batch, uint32_t steps,
                                  uint64_t shape[TRINE_MODEL_MAX_RANK]);
/** The same of output `index` (< output_count).
 * @param model that was read
 * @param index of the output
 * @param batch B >= 1
 * @param steps T >= 1
 * @param shape set
 * @return axes */
uint32_t trine_model_output_shape_of(const struct trine_model *model, uint32_t index,
                                     uint32_t batch, uint32_t steps,
                                     uint64_t shape[TRINE_MODEL_MAX_RANK]);

/** The axes of an end as the file has them: "[B,T,I]", "[B,3,T*3]"; I is the axis that holds all of
 * a row.
 * @param model that was read
 * @param output index, or -1 - n: input n
 * @param text set
 * @param len_bytes of it; what is longer is cut */
void trine_model_layout(const struct trine_model *model, int32_t output, char *text,
                        size_t len_bytes);

/** Sequence and step (0 without time) of a value, by its place in the array of input n (output
 * -1 - n) or of an output of B sequences of T steps.
 * @param model that was read
 * @param output index, or -1 - n: input n
 * @param batch B >= 1
 * @param steps T >= 1
 * @param place index in the array, C order
 * @param sequence set, 0..B - 1
 * @param step set, 0..T - 1 */
void trine_model_place(const struct trine_model *model, int32_t output, uint32_t batch,
                       uint32_t steps, uint64_t place, uint32_t *sequence, uint32_t *step);

/** Values of the (first) output, checked; false when they are more than SIZE_MAX.
 * @param model that was read
 * @param batch B >= 1
 * @param steps T >= 1
 * @param count set
 * @return whether they can be counted */
bool trine_model_output_count(const struct trine_model *model, uint32_t batch, uint32_t steps,
                              size_t *count) __attribute__((warn_unused_result));

/** Understands the shape of given data (rank and sizes of an array) as B and T. [T,I] is taken for
 * B = 1. Errors: ARG, with a sentence that names both shapes.
 * @param model that was read
 * @param rank of the array
 * @param shape [rank]
 * @param batch set: B
 * @param steps set: T
 * @param error the sentence, or NULL
 * @return OK or an error of those */
enum trine_status trine_model_input_sizes(const struct trine_model *model, uint32_t rank,
                                          const uint64_t *shape, uint32_t *batch, uint32_t *steps,
                                          struct trine_error *error)
    __attribute__((warn_unused_result));

/** The same of arrays for all inputs, which have to agree. Errors: ARG, with a sentence that names
 * the input where there are several.
 * @param model that was read
 * @param inputs [input_count], whose rank and shape are looked at
 * @param batch set: B
 * @param steps set: T, 1 where no input has steps
 * @param error the sentence, or NULL
 * @return OK or an error of those */
enum trine_status trine_model_all_sizes(const struct trine_model *model,
                                        const struct trine_array *inputs, uint32_t *batch,
                                        uint32_t *steps, struct trine_error *error)
    __attribute__((warn_unused_result));

/** Runs one network on a batch. `segment` is the index of the network in the model. Anything but
 * TRINE_OK comes with the error set, and is what trine_model_run returns. */
typedef enum trine_status (*trine_network_runner)(void *context, uint32_t segment,
                                                  const struct trine_network *network,
                                                  const struct trine_batch *batch,
                                                  struct trine_error *error);

/** Data of one run. Input and output have the shapes above, C order. */
struct trine_model_batch {
  uint32_t sequences;      /**< B >= 1 */
  uint32_t steps;          /**< T >= 1 */
  const uint32_t *lengths; /**< [B], 1..T each, or NULL: T each */
  const void *input;       /**< of the input's type */
  void *output; /**< of the output's type, aligned for it; rows past a sequence's length become 0 */
  void *const *more_outputs; /**< [output_count - 1]: the others, each of its own type */
  /** [lstm_count], in the file's order, h int8 [B][units] and c int16 [B][units]; or NULL: start
   * from h = z_h, c = 0. */
  const struct trine_lstm_state *state_in;
  /** The same of the end, or NULL: it is not kept. May be the buffers of state_in. */
  const struct trine_lstm_state *state_out;
  const void *const *more_inputs; /**< [input_count - 1]: the others, each of its own type */
};

/** Whether the model runs such a batch: all that trine_model_run looks at before it makes anything.
 * Errors: ARG.
 * @param model that was read
 * @param batch looked at
 * @param error the sentence, or NULL
 * @return OK or an error of those */
enum trine_status trine_model_check_batch(const struct trine_model *model,
                                          const struct trine_model_batch *batch,
                                          struct trine_error *error)
    __attribute__((warn_unused_result));

/** Whether a sequence may have that many steps (fixed_steps); false with the sentence.
 * @param model that was read
 * @param steps of a sequence
 * @param error the sentence, or NULL
 * @return whether it may */
bool trine_model_takes_steps(const struct trine_model *model, uint32_t steps,
                             struct trine_error *error) __attribute__((warn_unused_result));

/** Most bytes of the buffers of a run together. */
#define TRINE_MODEL_MAX_RUN_BYTES (UINT64_C(1) << 36)
/** Runs the model. Errors: ARG (also a state without h or c, buffers of more than
 * TRINE_MODEL_MAX_RUN_BYTES together), MEMORY, and what the runner returned; the output is
 * undefined then.
 * @param model that was read
 * @param batch data of the run
 * @param runner of networks
 * @param context given to it
 * @param error the sentence, or NULL
 * @return OK or an error of those */
enum trine_status trine_model_run(const struct trine_model *model,
                                  const struct trine_model_batch *batch,
                                  trine_network_runner runner, void *context,
                                  struct trine_error *error) __attribute__((warn_unused_result));

/** What became of a float input. */
struct trine_model_clamped {
  uint64_t values;  /**< numbers that count */
  uint64_t clamped; /**< of them, beyond the input's range */
  float low;        /**< least of that range */
  float high;       /**< most */
};

/** A float input (the first) of the model's shape for B sequences of T steps, to bytes. lengths:
 * [B], 1..T each, or NULL: T each; rows behind a length are the zero point and do not count.
 * Errors: ARG, when a number that counts is NaN or infinite, with its place.
 * @param model that was read
 * @param values of the input's shape
 * @param sequences B
 * @param steps T
 * @param lengths [B], or NULL
 * @param bytes int8, as many as values
 * @param clamped set, never NULL
 * @param error the sentence, or NULL
 * @return OK or an error of those */
enum trine_status trine_model_quantize_input(const struct trine_model *model, const float *values,
                                             uint32_t sequences, uint32_t steps,
                                             const uint32_t *lengths, int8_t *bytes,
                                             struct trine_model_clamped *clamped,
                                             struct trine_error *error)
    __attribute__((warn_unused_result));

/** The same of input `index`. Errors: ARG, as above.
 * @param model that was read
 * @param index of the input, 0..input_count - 1
 * @param values of the input's shape
 * @param batch whose sequences, steps and lengths are looked at
 * @param bytes int8, as many as values
 * @param clamped set, never NULL
 * @param error the sentence, or NULL
 * @return OK or an error of those */
enum trine_status trine_model_quantize_input_of(const struct trine_model *model, uint32_t index,
                                                const float *values,
                                                const struct trine_model_batch *batch,
                                                int8_t *bytes, struct trine_model_clamped *clamped,
                                                struct trine_error *error)
    __attribute__((warn_unused_result));

/** Float values to bytes (model/rounding.h), as the reference's QUANTIZE does.
 * @param end whose scale and zero point count
 * @param values [count], finite
 * @param count 0 or more
 * @param bytes [count] */
void trine_model_quantize(const struct trine_model_end *end, const float *values, size_t count,
                          int8_t *bytes);
/** Bytes to float values, as the reference's DEQUANTIZE does.
 * @param end whose scale and zero point count
 * @param bytes [count]
 * @param count 0 or more
 * @param values [count] */
void trine_model_dequantize(const struct trine_model_end *end, const int8_t *bytes, size_t count,
                            float *values);

#ifdef __cplusplus
}
#endif

#endif
