/* SPDX-License-Identifier: Apache-2.0 */
/* run: an image gets cores, a window and scratch memory on a device. */
#include <string.h>

#include "runtime/internal.h"
#include "trine_regs.h"

static uint32_t count_ones(uint32_t mask) {
  uint32_t ones = 0;
  for (; mask != 0; mask &= mask - 1) {
    ones++;
  }
  return ones;
}

/* Whether the image is the beginning of the window itself: its data are in their place. */
static bool is_in_place(const struct trine_run *run) {
  const void *window = trine_window_map(run, 0, run->options.window_bytes);
  return window != NULL && run->image->window_at != 0 &&
         window == trine_image_at(run->image, run->image->window_at);
}

/* Where memory is mapped: whether the image lies in the window, which is written. */
static bool is_overlapped(const struct trine_run *run) {
  const uintptr_t image = (uintptr_t)run->image;
  const uintptr_t window = (uintptr_t)trine_window_map(run, 0, run->options.window_bytes);
  return window != 0 && !is_in_place(run) &&
         (image < window ? window - image < run->image->bytes
                         : image - window < run->options.window_bytes);
}

static enum trine_status check(struct trine_run *run) {
  const struct trine_run_options *options = &run->options;
  const struct trine_image *image = run->image;
  const uint32_t all = (UINT32_C(1) << run->device->cores) - 1;
  if (image == NULL || image->magic != TRINE_IMAGE_MAGIC || image->version != TRINE_IMAGE_VERSION) {
    return trine_fault_set(&run->fault, TRINE_ERR_VERSION, TRINE_FAULT_IMAGE,
                           image != NULL ? image->version : 0, TRINE_IMAGE_VERSION, 0);
  }
  if (image->config_hash != run->device->config_hash) {
    return trine_fault_set(&run->fault, TRINE_ERR_VERSION, TRINE_FAULT_CONFIG, image->config_hash,
                           run->device->config_hash, 0);
  }
  if ((options->core_mask & ~all) != 0 || count_ones(options->core_mask) != image->ranks) {
    return trine_fault_set(&run->fault, TRINE_ERR_ARG, TRINE_FAULT_MASK, options->core_mask,
                           image->ranks, run->device->cores);
  }
  const uint64_t least = trine_image_least_window(image);
  if (options->window_base % TRINE_WINDOW_ALIGN != 0 || options->window_bytes < least ||
      options->window_bytes % 4 != 0 || options->window_bytes > UINT64_MAX - options->window_base) {
    return trine_fault_set(&run->fault, TRINE_ERR_MEMORY, TRINE_FAULT_WINDOW, options->window_base,
                           options->window_bytes, least);
  }
  if (is_overlapped(run)) {
    return trine_fault_set(&run->fault, TRINE_ERR_MEMORY, TRINE_FAULT_OVERLAP, options->window_base,
                           options->window_bytes, image->bytes);
  }
  const uint32_t scratch = trine_image_scratch_bytes(image, false);
  if (options->scratch_bytes < scratch || (scratch > 0 && options->scratch == NULL)) {
    return trine_fault_set(&run->fault, TRINE_ERR_MEMORY, TRINE_FAULT_SCRATCH,
                           options->scratch_bytes, scratch, 0);
  }
  return TRINE_OK;
}

static enum trine_status load(struct trine_run *run) {
  const struct trine_image *image = run->image;
  if (is_in_place(run)) {
    trine_window_clean(run, trine_image_at(image, image->data_at), image->data_bytes);
    return TRINE_OK;
  }
  trine_window_begin(run, image->program_bytes);
  trine_window_put(run, trine_image_at(image, image->data_at), image->data_bytes);
  return trine_window_finish(run);
}

enum trine_status trine_run_open(struct trine_run *run, struct trine_device *device,
                                 const struct trine_image *image,
                                 const struct trine_run_options *options) {
  memset(run, 0, sizeof *run);
  run->device = device;
  run->image = image;
  run->options = *options;
  if (run->options.core_mask == 0 && image != NULL) {
    run->options.core_mask = (UINT32_C(1) << image->ranks) - 1;
  }
  const enum trine_status status = check(run);
  return status == TRINE_OK ? load(run) : status;
}

enum trine_status trine_run_forget(struct trine_run *run) {
  enum trine_status status = TRINE_OK;
  if (run->state != TRINE_RUN_RESTS) {
    return TRINE_ERR_BUSY;
  }
  run->fault = (struct trine_fault){.status = TRINE_OK};
  for (uint32_t s = 0; s < run->device->cores && status == TRINE_OK; s++) {
    struct trine_slot *slot = &run->device->slot[s];
    if (slot->resident == run) {
      status = trine_reg_write(run->device, trine_slot_reg(s, TRINE_DOMAIN_CONTROL),
                               TRINE_DOMAIN_CONTROL_FORGET_MASK, &run->fault);
      slot->resident = status == TRINE_OK ? NULL : slot->resident;
    }
  }
  return status;
}

void trine_run_close(struct trine_run *run) {
  trine_run_abort(run);
  trine_stop_run(run);
  const bool is_forgotten = trine_run_forget(run) == TRINE_OK;
  for (uint32_t s = 0; s < TRINE_MAX_CORES && !is_forgotten; s++) {
    if (run->device->slot[s].resident == run) {
      run->device->slot[s].resident = NULL;
    }
  }
}
