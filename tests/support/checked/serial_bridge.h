/* SPDX-License-Identifier: Apache-2.0 */
/* serial_bridge: the far end of a serial line for tests of the host's: a process behind a
 * pseudo-terminal that speaks docs/uart_protocol.md, with faults as asked for, or does what a test
 * likes. */
#ifndef TRINE_SERIAL_BRIDGE_H
#define TRINE_SERIAL_BRIDGE_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "support/fake_device.h"

enum { BRIDGE_MEMORY = 4096, BRIDGE_REGISTERS = 64 };

/* What the bridge does wrong, in permille of its answers; all zero: nothing. */
struct bridge_faults {
  uint32_t damaged; /* a byte is changed */
  uint32_t lost;    /* the last byte does not come */
  uint32_t stalled; /* it comes up to stall_ms late */
  uint32_t stall_ms;
  uint32_t chatter;    /* bytes that are no answer come before it */
  uint32_t mute_after; /* no answer comes after so many; 0: they do */
  uint32_t end_after;  /* the line ends after so many; 0: it does not */
};

/* Starts a bridge; *path names the host's end of the line. */
pid_t bridge_start(const struct bridge_faults *faults, char *path, size_t path_bytes);
/* Starts another peer, which has its end of the line. */
pid_t bridge_peer(void (*peer)(int fd, const void *context), const void *context, char *path,
                  size_t path_bytes);
/* A whole device behind the line, which serves until bridge_stop; it is the child's copy. */
pid_t bridge_device(struct fake_device *device, char *path, size_t path_bytes);
void bridge_stop(pid_t child);

#endif
