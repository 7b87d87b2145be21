/* SPDX-License-Identifier: Apache-2.0 */
/** @file
 * backend_mmio: a struct trine_bus over mapped memory, POSIX: of a UIO device, whose registers and
 * shared memory are maps of their own, or of a file with the registers in its first 128 KiB and
 * shared memory after them. The interrupt is looked for in IRQ_STATUS, by polling.
 *
 * Threads: one at a time for each struct trine_mmio, and trine_interrupt. Pointers: never NULL, and
 * not kept behind the call, unless it is said. */
#ifndef TRINE_BACKEND_MMIO_H
#define TRINE_BACKEND_MMIO_H

#include "backend_direct.h"

#ifdef __cplusplus
extern "C" {
#endif

/** A mapped device; opened by trine_mmio_open, closed by trine_mmio_close. */
struct trine_mmio {
  int fd;                     /**< -1: not open */
  struct trine_direct direct; /**< memory_base: after open the address of the UIO map, 0 of a file;
                                 may be changed */
  /** @cond */
  struct {
    void *at;
    size_t bytes;
  } maps[2]; /* owned: registers, and memory where it has a map of its own */
  /** @endcond */
  char error[256]; /**< sentence of the last failure */
};

/** Maps path, /dev/uioN as trine_mmio_open_uio does. memory_bytes: 0 takes what the file has after
 * the registers (a device file has no size of its own; of a plain file no more is mapped than it
 * has). Returns 0 or TRINE_ERR_BUS; the sentence is in mmio->error.
 * @param mmio memory for it; to be given to trine_mmio_close also after a failure
 * @param path of a file or of /dev/uioN
 * @param memory_bytes of shared memory, or 0
 * @return OK or TRINE_ERR_BUS */
enum trine_status trine_mmio_open(struct trine_mmio *mmio, const char *path, uint64_t memory_bytes);
/** Maps a UIO device. What its maps are is read below sysfs ("/sys"), from
 * class/uio/NAME/maps/mapM/{name,addr,size}, NAME the last part of path: the map named registers
 * (without one map0) with 128 KiB or more, and the map named memory (without one map1), all of it
 * or the first memory_bytes. Returns and says as above.
 * @param mmio memory for it; to be given to trine_mmio_close also after a failure
 * @param path of a UIO device
 * @param memory_bytes of shared memory, or 0: all of the map
 * @param sysfs where sysfs is mounted
 * @return OK or TRINE_ERR_BUS */
enum trine_status trine_mmio_open_uio(struct trine_mmio *mmio, const char *path,
                                      uint64_t memory_bytes, const char *sysfs);
/** The bus; *mmio must outlive it.
 * @param mmio that was opened
 * @return for trine_open */
struct trine_bus trine_mmio_bus(struct trine_mmio *mmio);
/** Gives files and maps back.
 * @param mmio opened, closed, or not opened for an error */
void trine_mmio_close(struct trine_mmio *mmio);

#ifdef __cplusplus
}
#endif

#endif
