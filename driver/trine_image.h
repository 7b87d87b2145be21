/* SPDX-License-Identifier: Apache-2.0 */
/* trine_image: a network compiled for a configuration: all that a runtime has to know of it.
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
 */
#ifndef TRINE_IMAGE_H
#define TRINE_IMAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "trine_status.h"

#ifdef __cplusplus
extern "C" {
#endif

#define TRINE_IMAGE_MAGIC 0x494e5254u /* the letters TRNI */
#define TRINE_IMAGE_VERSION 2u

enum { TRINE_CONFIG_BYTES = 32, TRINE_IMAGE_PARTS = 4, TRINE_WINDOW_ALIGN = 4096 };

/* What the values of input or output mean to whoever has the model: of a real number x the byte is
 * x / scale + zero_point. All 0 until trine_image_describe. */
struct trine_image_end {
  uint32_t scale_bits; /* a float of 32 bits */
  int32_t zero_point;
  uint32_t time_major; /* [T,B,N] instead of [B,T,N] */
};

/* The head. Tables are at byte offsets from its first word. */
struct trine_image {
  uint32_t magic, version;
  uint32_t bytes; /* of all of it */
  uint32_t crc;   /* trine_image_crc */
  uint32_t config_hash;
  char config[TRINE_CONFIG_BYTES]; /* name of the configuration it is for */
  uint32_t mode, ranks, copies;
  uint32_t layer_count, chain_count, tensor_count; /* of the network */
  uint32_t mem_bytes, x_slots;                     /* of the configuration */
  uint32_t table_entries;
  uint32_t macs_per_core; /* a cycle */
  uint32_t stages;        /* chains that follow each other */
  uint32_t is_cuttable;   /* a sequence may be cut in time */
  uint32_t max_sequences; /* of one copy in one start of the device */
  uint32_t max_kept;      /* the same when states are given or wanted; 0: none can be kept */
  uint32_t program_bytes, data_bytes, rows_offset;
  uint32_t copy_of_bytes; /* of scratch memory, see trine_image_scratch_bytes */
  uint32_t saved_bytes;
  uint32_t tensors_at, ranks_at, chains_at, layers_at, states_at, words_at, names_at, data_at;
  uint32_t window_at;   /* where its own window begins, a multiple of TRINE_WINDOW_ALIGN; 0: it has
                           none, and its data are copied */
  uint32_t state_count; /* entries at states_at */
  struct trine_image_end input, output;
};

/* A tensor: rows of parts side by side, each padded to the memory width. */
struct trine_image_tensor {
  uint32_t stride;       /* bytes of a row */
  uint32_t width;        /* bytes up to the end of the last part */
  uint32_t per_sequence; /* one row a sequence instead of one a step */
  uint32_t part_count, part_offset[TRINE_IMAGE_PARTS], part_width[TRINE_IMAGE_PARTS];
};

/* Blocks of a rank's program that no batch changes: index and number of words at words_at. Set-up
 * comes without and with states that are kept. */
struct trine_image_rank {
  uint32_t loads, load_words;
  uint32_t setup[2], setup_words[2];
};

/* A chain of one copy, with its reader and its writer. Operations as the program has them, without
 * what changes with the batch. */
struct trine_image_chain {
  uint32_t copy, stage, source, target;
  uint32_t target_offset; /* of its part in a row of the target */
  uint32_t reversed, last_only;
  uint32_t reader_rank, writer_rank;
  uint32_t read_channel, read_beats;               /* words of a READ */
  uint32_t write_channel, write_width, slot_words; /* words of a WRITE */
  uint32_t contexts; /* at words_at: a mask of contexts for each rank */
  uint32_t macs;     /* at words_at: products a row of each rank, low and high word */
};

struct trine_image_layer {
  uint32_t is_lstm, inputs, units;
  uint32_t name_at; /* from the first word of the image, terminated by 0 */
};

/* The kept state of an LSTM of one copy; slices [ranks] follow at words_at. */
struct trine_image_state {
  uint32_t layer, copy;
  uint32_t zero_point; /* the byte of z_h */
  uint32_t h_offset;   /* in the window */
  uint32_t h_bytes;    /* of one sequence there, and in the rings */
  uint32_t slices;     /* at words_at: struct trine_image_slice for each rank */
};

struct trine_image_slice {
  uint32_t first, units;
  uint32_t stride; /* state entries of one sequence */
  uint32_t offset; /* in the window */
  uint32_t entry;  /* first state entry of the core */
  uint32_t ring;   /* first byte of the core's rings */
};

static inline const void *trine_image_at(const struct trine_image *image, uint32_t offset) {
  return (const uint8_t *)image + offset;
}
static inline const struct trine_image_tensor *trine_image_tensor(const struct trine_image *image,
                                                                  uint32_t n) {
  return (const struct trine_image_tensor *)trine_image_at(image, image->tensors_at) + n;
}
static inline const struct trine_image_rank *trine_image_rank(const struct trine_image *image,
                                                              uint32_t n) {
  return (const struct trine_image_rank *)trine_image_at(image, image->ranks_at) + n;
}
static inline const struct trine_image_chain *trine_image_chain(const struct trine_image *image,
                                                                uint32_t n) {
  return (const struct trine_image_chain *)trine_image_at(image, image->chains_at) + n;
}
static inline const struct trine_image_layer *trine_image_layer(const struct trine_image *image,
                                                                uint32_t n) {
  return (const struct trine_image_layer *)trine_image_at(image, image->layers_at) + n;
}
static inline const struct trine_image_state *trine_image_state(const struct trine_image *image,
                                                                uint32_t n) {
  return (const struct trine_image_state *)trine_image_at(image, image->states_at) + n;
}
static inline const uint32_t *trine_image_words(const struct trine_image *image, uint32_t n) {
  return (const uint32_t *)trine_image_at(image, image->words_at) + n;
}
static inline const struct trine_image_slice *trine_image_slice(
    const struct trine_image *image, const struct trine_image_state *state, uint32_t rank) {
  return (const struct trine_image_slice *)(const void *)trine_image_words(image, state->slices) +
         rank;
}
/* Chains of all copies: entries at chains_at. */
static inline uint32_t trine_image_chains(const struct trine_image *image) {
  return image->copies * image->chain_count;
}

/* Whether `bytes` bytes are an image that says of itself what it is: magic, version, length, CRC,
 * and every table and index inside. What passes may be run without harm to the host. */
bool trine_image_is_valid(const void *memory, size_t bytes);

/* CRC-32 (zlib's) of all that is behind the word crc, but for the room of the program in an image's
 * own window: runs write there. */
uint32_t trine_image_crc(const struct trine_image *image);

/* CRC-32 as zlib's; crc: 0, or that of what comes before. */
uint32_t trine_crc32(uint32_t crc, const void *data, size_t len);

/* Bytes of the smallest window: one row in every tensor. */
uint64_t trine_image_least_window(const struct trine_image *image);

/* Bytes of scratch memory that a run needs: which copy has which sequence, and, with states, those
 * that the device has saved until all of them are home. */
static inline uint32_t trine_image_scratch_bytes(const struct trine_image *image,
                                                 bool with_states) {
  return image->copy_of_bytes + (with_states ? image->saved_bytes : 0);
}

#ifdef __cplusplus
}
#endif

#endif
