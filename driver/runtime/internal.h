/* SPDX-License-Identifier: Apache-2.0 */
/* internal: what the files of the runtime ask of each other, and trine.h's own files of them. */
#ifndef TRINE_RUNTIME_INTERNAL_H
#define TRINE_RUNTIME_INTERNAL_H

#include "trine_runtime.h"

/* --- device.c --- */
/* Sets a fault and returns its status. */
enum trine_status trine_fault_set(struct trine_fault *fault, enum trine_status status,
                                  enum trine_fault_kind kind, uint64_t first, uint64_t second,
                                  uint64_t third);
enum trine_status trine_reg_read(struct trine_device *device, uint32_t addr, uint32_t *value,
                                 struct trine_fault *fault);
enum trine_status trine_reg_read64(struct trine_device *device, uint32_t low_addr, uint64_t *value,
                                   struct trine_fault *fault);
enum trine_status trine_reg_write(struct trine_device *device, uint32_t addr, uint32_t value,
                                  struct trine_fault *fault);
/* Address of a register of a domain slot. */
uint32_t trine_slot_reg(uint32_t slot, uint32_t offset);
/* Whether a slot with this STATUS runs or stops. */
bool trine_is_at_work(uint32_t status_register);
enum trine_status trine_read_cores(struct trine_device *device, uint32_t *busy,
                                   uint32_t *quarantine, struct trine_fault *fault);
/* The first part of opening: bus, ID and version (in *version). */
enum trine_status trine_device_identify(struct trine_device *device, const struct trine_bus *bus,
                                        uint32_t *version, struct trine_fault *fault);

/* --- stray.c --- */
/* Those that run now; those that have ended are forgotten; a bit each, of slots and of cores. */
enum trine_status trine_find_strays(struct trine_device *device, struct trine_fault *fault);
enum trine_status trine_update_strays(struct trine_device *device, struct trine_fault *fault);
uint32_t trine_stray_slots(const struct trine_device *device);
uint32_t trine_stray_cores(const struct trine_device *device);
void trine_add_stray(struct trine_device *device, uint32_t slot, const struct trine_stray *stray);
/* Aborts a slot's run and waits; true when it was seen at rest within the limit. */
bool trine_stop_slot(struct trine_device *device, uint32_t slot, uint32_t limit_ms);

/* --- timeout.c --- */
void trine_timeout_start(struct trine_timeout *timeout, struct trine_device *device,
                         uint32_t limit_ms);
/* Milliseconds that are left, rounded up; false when none are. */
bool trine_timeout_left(struct trine_timeout *timeout, struct trine_device *device,
                        uint32_t *left_ms);
/* Milliseconds from the start to the last look. */
uint64_t trine_timeout_spent_ms(const struct trine_timeout *timeout);

/* --- window.c --- */
enum trine_status trine_window_read(struct trine_run *run, uint32_t offset, void *data,
                                    uint32_t len);
/* Bytes one behind the other from an offset on, gathered and written in bursts; data NULL: zeros.
 * put and finish do nothing after a fault. finish pads to a multiple of 4. */
void trine_window_begin(struct trine_run *run, uint32_t offset);
void trine_window_put(struct trine_run *run, const void *data, uint32_t len);
enum trine_status trine_window_finish(struct trine_run *run);
/* Where [offset, offset + len) of the window is mapped; NULL: it is not. */
void *trine_window_map(const struct trine_run *run, uint32_t offset, uint32_t len);
/* The bus's hook for mapped bytes of the window, if it has one. */
void trine_window_clean(const struct trine_run *run, const void *data, uint32_t len);

/* --- rows.c --- */
/* Input rows to the window, and output rows ready to be written in place. */
enum trine_status trine_put_rows(struct trine_run *run);
enum trine_status trine_take_output(struct trine_run *run);
/* --- states.c --- */
enum trine_status trine_put_states(struct trine_run *run);
/* Whether the batch is one sequence that begins with the states the cores still have. */
bool trine_states_go_on(const struct trine_run *run);
/* Brings the states of the chunk home; the caller's change only when all of them have come. */
enum trine_status trine_take_states(struct trine_run *run);
/* --- start.c --- */
/* Memory and registers for the chunk at hand, all but START or REPEAT. */
enum trine_status trine_prepare(struct trine_run *run);
/* START or REPEAT of it; whether it was refused is known after trine_confirm_start, which is given
 * what trine_write_start returned. */
enum trine_status trine_write_start(struct trine_run *run);
enum trine_status trine_confirm_start(struct trine_run *run, enum trine_status written);
/* --- poll.c --- */
/* Ends the run with the fault it has: stops it when it may run on the device. */
void trine_fail_run(struct trine_run *run);
/* The same, and waits for the stop. */
void trine_stop_run(struct trine_run *run);

#endif
