/* SPDX-License-Identifier: Apache-2.0 */
/** @file
 * trine_compiler: from a network to the image of it that a device runs.
 *
 * Pure: no device, no bus, no memory but what the caller gives; what goes in is const. A function
 * that refuses something fills the caller's struct trine_error, if there is one, and returns the
 * status. Planner, driver and command ask these functions and no others, so what one of them takes
 * the others take, and a refusal is the same sentence everywhere. Threads: any number.
 *
 * Pointers: never NULL, and not kept behind the call, unless it is said. */
#ifndef TRINE_COMPILER_H
#define TRINE_COMPILER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "trine_error.h"
#include "trine_image.h"
#include "trine_network.h"
#include "trine_status.h"

#ifdef __cplusplus
extern "C" {
#endif

/** What a device says of itself; units as in docs/architecture.md. */
struct trine_info {
  uint32_t version;       /**< major << 16 | minor << 8 | patch */
  uint32_t config_hash;   /**< CRC-32 of the parameters */
  uint32_t features;      /**< what this build can do, a bit each */
  uint32_t cores;         /**< and domain slots, 1..TRINE_MAX_CORES */
  uint32_t contexts;      /**< a core */
  uint32_t lanes;         /**< rows computed at a time */
  uint32_t macs_per_lane; /**< bytes of a vector that a lane takes a cycle */
  uint32_t tail_rows;     /**< rows the tail takes a cycle */
  uint32_t bus_bytes;     /**< of a word of the activation bus */
  uint32_t x_slots;       /**< of a channel's ring */
  uint32_t queue_words;   /**< that a core may have waiting for the bus */
  uint32_t weight_bytes;  /**< weight buffer of a core */
  uint32_t param_rows;    /**< parameter buffer of a core, rows */
  uint32_t ring_bytes;    /**< rings of a core */
  uint32_t state_units;   /**< cell states of a core */
  uint32_t pre_units;     /**< pre-activation buffer of a core, units */
  uint32_t writer_bytes;  /**< buffer of a memory writer */
  uint32_t table_entries; /**< sequences in the table of a core */
  uint32_t max_inputs;    /**< longest input vector, bytes */
  uint32_t max_units;     /**< longest output vector, bytes */
  uint32_t mem_bytes;     /**< of a beat of the memory port */
};

/** Sizes of what a device says. */
enum {
  TRINE_PARAMETERS = 18 /**< parameter registers, from TRINE_GLOBAL_PARAMS on */
};

/** What a network is compiled for. */
struct trine_target {
  struct trine_info info;          /**< of the configuration */
  char config[TRINE_CONFIG_BYTES]; /**< its name, for messages */
  uint64_t memory_bytes;           /**< shared memory that windows may use */
  uint64_t free_bytes;             /**< the largest part of it that no window has */
};

/** Sets a target from its parameters, in the order of their registers, and refuses what the
 * compiler does not serve, by name, value and limits. Errors: VERSION.
 * @param target what is set
 * @param parameters as read from a device or a row of rtl/configs.txt
 * @param config_name for messages, cut at TRINE_CONFIG_BYTES; NULL: "of this device"
 * @param memory_bytes shared memory that windows may use
 * @param error the sentence, or NULL
 * @return OK or an error of those */
enum trine_status trine_target_set(struct trine_target *target,
                                   const uint32_t parameters[TRINE_PARAMETERS],
                                   const char *config_name, uint64_t memory_bytes,
                                   struct trine_error *error) TRINE_CHECK_RESULT;

/** Units [first, first + count) of a layer's output; count 0: none. first is a multiple of Lanes/4
 * (LSTM) or Lanes (dense). */
struct trine_slice {
  uint16_t first; /**< a unit */
  uint16_t count; /**< units */
};

/** Which units of each layer each rank of a domain computes. The sequences of a batch are given to
 * `copies`, the longest first, each with contexts and channels of its own: copies on the same
 * core share its weights and fill each other's waiting, copies on different cores spread the
 * batch. */
struct trine_placement {
  enum trine_mode mode; /**< how it came about; programs say it too */
  uint32_t ranks;       /**< 1..TRINE_MAX_CORES */
  uint32_t layer_count; /**< of the network */
  uint32_t copies;      /**< 1..TRINE_MAX_COPIES */
  /** The h part of a step may be computed before its x part, while x is not there yet: the same
   * results, most often earlier. Not on a device of the CMSIS corner. */
  bool h_first;
  struct trine_slice slice[TRINE_MAX_LAYERS][TRINE_MAX_CORES]; /**< [copy * layers + layer][rank] */
};

/** What a placement is to look like. groups and copies: 0 is 1. */
struct trine_shape {
  enum trine_mode mode; /**< how layers are spread */
  uint32_t cores;       /**< 1..16 */
  uint32_t groups; /**< the cores in this many groups, each with sequences of its own (hybrid) */
  uint32_t copies; /**< a group */
};

/** The network against itself (trine_network_consistent) and the sizes of the target.
 * Errors: LIMIT, NETWORK.
 * @param target of trine_target_set
 * @param network what is to be run; only read
 * @param error the sentence, or NULL
 * @return OK or an error of those */
enum trine_status trine_compile_check(const struct trine_target *target,
                                      const struct trine_network *network,
                                      struct trine_error *error) TRINE_CHECK_RESULT;

/** Places a network by shape; see trine_place (trine.h) for what the modes do. With two groups or
 * more, for hybrid only, each group of cores runs the whole network as helper cores on sequences
 * of its own. Errors: ARG, LIMIT, NETWORK.
 * @param target of trine_target_set
 * @param network what is to be run; only read
 * @param shape mode, cores, groups, copies
 * @param placement what is set
 * @param error the sentence, or NULL
 * @return OK or an error of those */
enum trine_status trine_compile_place(const struct trine_target *target,
                                      const struct trine_network *network,
                                      const struct trine_shape *shape,
                                      struct trine_placement *placement,
                                      struct trine_error *error) TRINE_CHECK_RESULT;

/** A placement against network and target. Errors: ARG, LIMIT.
 * @param target of trine_target_set
 * @param network what is to be run; only read
 * @param placement what is looked at
 * @param error the sentence, or NULL
 * @return OK or an error of those */
enum trine_status trine_compile_check_placement(const struct trine_target *target,
                                                const struct trine_network *network,
                                                const struct trine_placement *placement,
                                                struct trine_error *error) TRINE_CHECK_RESULT;

/** Cycles of one time step on the busiest core of a placement, without waiting of any kind. Chains
 * that follow each other add up. 0 for what is no network and placement of each other.
 * @param target of trine_target_set
 * @param network what is to be run; only read
 * @param placement of it
 * @return cycles, 0 when there is no answer */
uint64_t trine_compile_step_cycles(const struct trine_target *target,
                                   const struct trine_network *network,
                                   const struct trine_placement *placement);

/** What of an image there is, and where it can be used. */
enum trine_image_form {
  TRINE_IMAGE_PLAIN,        /**< its data are copied to the window of a run */
  TRINE_IMAGE_WITHOUT_DATA, /**< no weights and parameters: for those who ask how it would run */
  TRINE_IMAGE_IN_PLACE      /**< with room for the program: it can be the beginning of its window */
};

/** Bytes of memory that trine_compile needs at the most for a network that the target can run, in
 * any placement; 0 for one that is none.
 * @param target of trine_target_set
 * @param network what is to be run; only read
 * @param form of the image
 * @return bytes */
size_t trine_compile_bytes(const struct trine_target *target, const struct trine_network *network,
                           enum trine_image_form form);

/** Compiles a network, placed, into an image in `memory` (at a multiple of 8), which it is from
 * then on; network and placement are not needed any more. It may be moved, as it is.
 * Errors: ARG, LIMIT, NETWORK, MEMORY (the image is larger).
 * @param target of trine_target_set
 * @param network what is to be run; only read
 * @param placement of the network on the target
 * @param form what of it there is to be
 * @param memory at a multiple of 8; it has to stay as long as the image is used
 * @param memory_bytes of it, trine_compile_bytes at the most
 * @param image set to memory
 * @param error the sentence, or NULL
 * @return OK or an error of those */
enum trine_status trine_compile(const struct trine_target *target,
                                const struct trine_network *network,
                                const struct trine_placement *placement, enum trine_image_form form,
                                void *memory, size_t memory_bytes, const struct trine_image **image,
                                struct trine_error *error) TRINE_CHECK_RESULT;

/** Sets what the input and output of an image mean, which the network does not say, and the CRC.
 * @param image one that trine_compile has made
 * @param input scale and zero point of what goes in
 * @param output of what comes out */
void trine_image_describe(struct trine_image *image, const struct trine_image_end *input,
                          const struct trine_image_end *output);

/** What the window of an image is to be: asked_bytes, or room for max_rows rows of every tensor;
 * both 0: as much as is useful, up to 4 MiB of rows. 2^32 - 4 at the most, and no more than
 * free_bytes. Errors: MEMORY (there is less than the image needs, or than was asked for).
 * @param target whose memory_bytes bound what is useful
 * @param image a whole one
 * @param max_rows rows of every tensor, 0: not said
 * @param asked_bytes 0: not said
 * @param free_bytes there are
 * @param window_bytes what is set, a multiple of 4
 * @param error the sentence, or NULL
 * @return OK or MEMORY */
enum trine_status trine_window_bytes(const struct trine_target *target,
                                     const struct trine_image *image, uint32_t max_rows,
                                     uint32_t asked_bytes, uint64_t free_bytes,
                                     uint32_t *window_bytes,
                                     struct trine_error *error) TRINE_CHECK_RESULT;

/** Fills the error, if there is one, as printf would, and returns the status. Errors: what it is
 * given.
 * @param error filled, unless it is NULL
 * @param status what is returned
 * @param format as of printf
 * @return status */
enum trine_status trine_refuse(struct trine_error *error, enum trine_status status,
                               const char *format, ...) __attribute__((format(printf, 3, 4)));

#ifdef __cplusplus
}
#endif

#endif
