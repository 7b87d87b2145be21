/* SPDX-License-Identifier: Apache-2.0 */
/** @file
 * trine_image: a network compiled for a configuration: all that a runtime has to know of it.
 *
 * An image is a block of 32-bit little-endian words: a head, tables behind it, and the bytes that
 * go to the device's memory. It has no pointers: it may lie in a file, in flash, or in the shared
 * memory itself, and is only read. docs/formats.md says what each word is.
 *
 * The window of shared memory that a run has, by offsets from its base:
 *
 *     0 | program | weights and parameters | states that are kept | rows of each tensor | end
 *                 ^ program_bytes                                  ^ rows_offset
 *
 * An image made for use in place (TRINE_IMAGE_IN_PLACE) has room for the program before its data,
 * so that it is itself the beginning of the window, which goes on behind it:
 *
 *     head | tables | program | weights and parameters | states that are kept | rows ...
 *                   ^ window_at                        ^ end of the image
 *
 * Threads: any number may read an image; a run of an image in place writes to the room of the
 * program. Pointers: never NULL unless it is said; what is returned lies in the image and is valid
 * as long as it. */
#ifndef TRINE_IMAGE_H
#define TRINE_IMAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "trine_status.h"

#ifdef __cplusplus
extern "C" {
#endif

/** First word of an image: the letters TRNI. */
#define TRINE_IMAGE_MAGIC 0x494e5254u
/** Version of the format; a runtime takes its own alone. */
#define TRINE_IMAGE_VERSION 4u

/** Sizes of the format. */
enum {
  TRINE_CONFIG_BYTES = 32,  /**< room for the name of a configuration, its 0 included */
  TRINE_IMAGE_PARTS = 4,    /**< parts of a row, as TRINE_MAX_PARTS */
  TRINE_WINDOW_ALIGN = 4096 /**< windows begin at multiples of it */
};

/** What the values of input or output mean to whoever has the model: of a real number x the byte is
 * x / scale + zero_point. All 0 until trine_image_describe. */
struct trine_image_end {
  uint32_t scale_bits; /**< a float of 32 bits */
  int32_t zero_point;  /**< byte of the real number 0 */
  uint32_t time_major; /**< [T,B,N] instead of [B,T,N] */
};

/** The head. Tables are at byte offsets from its first word. */
struct trine_image {
  uint32_t magic;                  /**< TRINE_IMAGE_MAGIC */
  uint32_t version;                /**< TRINE_IMAGE_VERSION */
  uint32_t bytes;                  /**< of all of it */
  uint32_t crc;                    /**< trine_image_crc */
  uint32_t config_hash;            /**< CONFIG_HASH of the configuration it is for */
  char config[TRINE_CONFIG_BYTES]; /**< its name, terminated */
  uint32_t mode;                   /**< enum trine_mode */
  uint32_t ranks;                  /**< cores it runs on, 1..TRINE_MAX_CORES */
  uint32_t copies;                 /**< of the network's contexts, 1..TRINE_MAX_COPIES */
  uint32_t layer_count;            /**< of the network */
  uint32_t chain_count;            /**< of the network */
  uint32_t tensor_count;           /**< of the network */
  uint32_t mem_bytes;              /**< of a beat of the configuration's memory port */
  uint32_t x_slots;                /**< of a channel's ring */
  uint32_t table_entries;          /**< sequences in the table of a core */
  uint32_t macs_per_core;          /**< products a cycle */
  uint32_t stages;                 /**< chains that follow each other */
  uint32_t is_cuttable;            /**< 1: a sequence may be cut in time */
  uint32_t max_sequences;          /**< of one copy in one start of the device */
  uint32_t max_kept;      /**< the same when states are given or wanted; 0: none can be kept */
  uint32_t program_bytes; /**< of the window, for the program */
  uint32_t data_bytes;    /**< of weights and parameters */
  uint32_t rows_offset;   /**< in the window, of the rows of tensor 0 */
  uint32_t copy_of_bytes; /**< of scratch memory, see trine_image_scratch_bytes */
  uint32_t saved_bytes;   /**< the same, for states */
  uint32_t tensors_at;    /**< struct trine_image_tensor [tensor_count] */
  uint32_t ranks_at;      /**< struct trine_image_rank [ranks] */
  uint32_t chains_at;     /**< struct trine_image_chain [copies * chain_count] */
  uint32_t layers_at;     /**< struct trine_image_layer [layer_count] */
  uint32_t states_at;     /**< struct trine_image_state [state_count] */
  uint32_t words_at;      /**< words that the tables point to */
  uint32_t names_at;      /**< names, each ended by a 0 */
  uint32_t data_at;       /**< weights and parameters */
  uint32_t window_at; /**< where its own window begins, a multiple of TRINE_WINDOW_ALIGN; 0: it has
                         none, and its data are copied */
  uint32_t state_count;          /**< entries at states_at */
  struct trine_image_end input;  /**< what its bytes mean */
  struct trine_image_end output; /**< what its bytes mean */
};

/** A tensor: rows of parts side by side, each padded to the memory width. */
struct trine_image_tensor {
  uint32_t stride;                         /**< bytes of a row */
  uint32_t width;                          /**< bytes up to the end of the last part */
  uint32_t per_sequence;                   /**< 1: one row a sequence instead of one a step */
  uint32_t part_count;                     /**< 1..TRINE_IMAGE_PARTS */
  uint32_t part_offset[TRINE_IMAGE_PARTS]; /**< bytes from the row's start */
  uint32_t part_width[TRINE_IMAGE_PARTS];  /**< bytes, without padding */
};

/** Operations of a rank that no batch changes: index and number of words at words_at. Set-up comes
 * without and with states that are kept; what several ranks do alike stands once, with the lowest
 * of them. */
struct trine_image_rank {
  uint32_t loads;          /**< first word of the loads of weights and parameters */
  uint32_t load_words;     /**< words of them */
  uint32_t setup[2];       /**< first word of channels and contexts: without, with kept states */
  uint32_t setup_words[2]; /**< words of them */
};

/** A chain of one copy, with its reader and its writer. Operations as the program has them, without
 * what changes with the batch. */
struct trine_image_chain {
  uint32_t copy;          /**< which of the copies it is of */
  uint32_t stage;         /**< 0..stages - 1 */
  uint32_t source;        /**< tensor read */
  uint32_t target;        /**< tensor written */
  uint32_t target_offset; /**< bytes, of its part in a row of the target */
  uint32_t reversed;      /**< 1: from the last step to the first */
  uint32_t last_only;     /**< 1: only the last step's row is written */
  uint32_t reader_rank;   /**< core that reads the source */
  uint32_t writer_rank;   /**< core that writes the target */
  uint32_t read_channel;  /**< first argument of READ */
  uint32_t read_beats;    /**< bus words and memory beats of a row, halves of a word */
  uint32_t write_channel; /**< first argument of WRITE */
  uint32_t write_width;   /**< bytes of a row */
  uint32_t slot_words;    /**< beats of a row in the writer */
  uint32_t contexts;      /**< at words_at: a mask of contexts for each rank */
  uint32_t macs;          /**< at words_at: products a row of each rank, low and high word */
};

/** A layer of the network. */
struct trine_image_layer {
  uint32_t is_lstm; /**< 0: dense */
  uint32_t inputs;  /**< width of what comes in */
  uint32_t units;   /**< width of what goes out */
  uint32_t name_at; /**< from the first word of the image, terminated by 0 */
};

/** The kept state of an LSTM of one copy; slices [ranks] follow at words_at. */
struct trine_image_state {
  uint32_t layer;      /**< of the network */
  uint32_t copy;       /**< of it */
  uint32_t zero_point; /**< the byte of z_h */
  uint32_t h_offset;   /**< bytes, from the window's base */
  uint32_t h_bytes;    /**< of one sequence there, and in the rings */
  uint32_t slices;     /**< at words_at: struct trine_image_slice for each rank */
};

/** What one core keeps of a state. */
struct trine_image_slice {
  uint32_t first;  /**< first unit */
  uint32_t units;  /**< how many; 0: none here */
  uint32_t stride; /**< state entries of one sequence */
  uint32_t offset; /**< bytes, in the window */
  uint32_t entry;  /**< first state entry of the core */
  uint32_t ring;   /**< first byte of the core's rings */
};

/** What lies at a byte offset.
 * @param image a whole one
 * @param offset from its first word
 * @return in the image, valid as long as it */
static inline const void *trine_image_at(const struct trine_image *image, uint32_t offset) {
  return (const uint8_t *)image + offset;
}
/** A tensor.
 * @param image a whole one
 * @param n 0..tensor_count - 1
 * @return in the image */
static inline const struct trine_image_tensor *trine_image_tensor(const struct trine_image *image,
                                                                  uint32_t n) {
  return (const struct trine_image_tensor *)trine_image_at(image, image->tensors_at) + n;
}
/** A rank.
 * @param image a whole one
 * @param n 0..ranks - 1
 * @return in the image */
static inline const struct trine_image_rank *trine_image_rank(const struct trine_image *image,
                                                              uint32_t n) {
  return (const struct trine_image_rank *)trine_image_at(image, image->ranks_at) + n;
}
/** A chain of a copy.
 * @param image a whole one
 * @param n 0..trine_image_chains - 1
 * @return in the image */
static inline const struct trine_image_chain *trine_image_chain(const struct trine_image *image,
                                                                uint32_t n) {
  return (const struct trine_image_chain *)trine_image_at(image, image->chains_at) + n;
}
/** A layer.
 * @param image a whole one
 * @param n 0..layer_count - 1
 * @return in the image */
static inline const struct trine_image_layer *trine_image_layer(const struct trine_image *image,
                                                                uint32_t n) {
  return (const struct trine_image_layer *)trine_image_at(image, image->layers_at) + n;
}
/** The kept state of an LSTM.
 * @param image a whole one
 * @param n 0..state_count - 1
 * @return in the image */
static inline const struct trine_image_state *trine_image_state(const struct trine_image *image,
                                                                uint32_t n) {
  return (const struct trine_image_state *)trine_image_at(image, image->states_at) + n;
}
/** Words that a table points to.
 * @param image a whole one
 * @param n index of the first
 * @return in the image */
static inline const uint32_t *trine_image_words(const struct trine_image *image, uint32_t n) {
  return (const uint32_t *)trine_image_at(image, image->words_at) + n;
}
/** What a core keeps of a state.
 * @param image a whole one
 * @param state of the same image
 * @param rank 0..ranks - 1
 * @return in the image */
static inline const struct trine_image_slice *trine_image_slice(
    const struct trine_image *image, const struct trine_image_state *state, uint32_t rank) {
  return (const struct trine_image_slice *)(const void *)trine_image_words(image, state->slices) +
         rank;
}
/** Chains of all copies: entries at chains_at.
 * @param image a whole one
 * @return entries at chains_at */
static inline uint32_t trine_image_chains(const struct trine_image *image) {
  return image->copies * image->chain_count;
}

/** Whether `bytes` bytes are an image that says of itself what it is: magic, version, length, CRC,
 * and every table and index inside. What passes may be run without harm to the host.
 * @param memory what may be an image, at a multiple of 4; NULL is none
 * @param bytes of it
 * @return whether it is one */
bool trine_image_is_valid(const void *memory, size_t bytes);

/** CRC-32 (zlib's) of all that is behind the word crc, but for the room of the program in an
 * image's own window: runs write there.
 * @param image a whole one
 * @return what its word crc has to be */
uint32_t trine_image_crc(const struct trine_image *image);

/** CRC-32 as zlib's; crc: 0, or that of what comes before.
 * @param crc 0, or that of what comes before
 * @param data len bytes
 * @param len bytes, 0 or more
 * @return the CRC of both */
uint32_t trine_crc32(uint32_t crc, const void *data, size_t len);

/** Bytes of the smallest window: one row in every tensor.
 * @param image a whole one
 * @return bytes; more hold more rows at a time */
uint64_t trine_image_least_window(const struct trine_image *image);

/** Bytes of scratch memory that a run needs: which copy has which sequence, and, with states, those
 * that the device has saved until all of them are home.
 * @param image a whole one
 * @param with_states whether batches give or want states
 * @return bytes, 0 often */
static inline uint32_t trine_image_scratch_bytes(const struct trine_image *image,
                                                 bool with_states) {
  return image->copy_of_bytes + (with_states ? image->saved_bytes : 0);
}

#ifdef __cplusplus
}
#endif

#endif
