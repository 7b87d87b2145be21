/* SPDX-License-Identifier: Apache-2.0 */
/* backend_mmio: a struct trine_bus over a mapped file: registers in its first 128 KiB, shared
 * memory after them (a UIO device, or a file in tests). POSIX. */
#ifndef TRINE_BACKEND_MMIO_H
#define TRINE_BACKEND_MMIO_H

#include "trine_bus.h"

#ifdef __cplusplus
extern "C" {
#endif

enum { TRINE_MMIO_REGISTERS = 0x20000 };

struct trine_mmio {
  int fd;
  volatile uint32_t *registers;
  volatile uint32_t *memory;
  uint64_t memory_bytes;
  uint64_t memory_base; /* address of the memory as the accelerator sees it; 0 after open. What is
                           asked for lies at a multiple of 4 from it. */
  char error[256];      /* sentence of the last failure */
};

/* Maps path. memory_bytes: 0 takes what the file has after the registers (a device file has no
 * size of its own; of a plain file no more is mapped than it has). Returns 0 or TRINE_ERR_BUS; the
 * sentence is in mmio->error. */
int trine_mmio_open(struct trine_mmio *mmio, const char *path, uint64_t memory_bytes);
/* The bus; *mmio must outlive it. */
struct trine_bus trine_mmio_bus(struct trine_mmio *mmio);
void trine_mmio_close(struct trine_mmio *mmio);

#ifdef __cplusplus
}
#endif

#endif
