/* SPDX-License-Identifier: Apache-2.0 */
/** @file
 * backend_uart: a struct trine_bus over a serial line (docs/uart_protocol.md), POSIX.
 *
 * Nothing hangs: each answer has a time limit, whatever comes instead of it, and requests that may
 * be repeated are, three times. So one access ends within 6 answer_ms and half a second, one memory
 * word or 256; signals that the program catches change nothing.
 *
 * Threads: one at a time for each struct trine_uart; no handler, a line has none. Pointers: never
 * NULL, and not kept behind the call, unless it is said. */
#ifndef TRINE_BACKEND_UART_H
#define TRINE_BACKEND_UART_H

#include <stdbool.h>

#include "trine_bus.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Sizes of the protocol. */
enum {
  TRINE_UART_WORDS = 256,                     /**< most words of a frame */
  TRINE_UART_FRAME = 4 * TRINE_UART_WORDS + 8 /**< most bytes of a frame */
};

/** A serial line; opened by trine_uart_open, closed by trine_uart_close. */
struct trine_uart {
  int fd;             /**< -1: not open */
  uint32_t answer_ms; /**< time limit of one answer; set by open to 2000, may be changed */
  bool is_closed;     /**< the last access found the line ended */
  bool is_taken;      /**< the line is this one's alone, until close */
  uint8_t frame[TRINE_UART_FRAME]; /**< the frame at hand */
  char error[256];                 /**< sentence of the last failure */
};

/** The speeds of a line, in words. */
#define TRINE_UART_SPEEDS                                                                         \
  "9600, 19200, 38400, 57600, 115200, 230400, 460800, 500000, 576000, 921600, 1000000, 1152000, " \
  "1500000, 2000000, 2500000, 3000000, 3500000 or 4000000"
/** Whether baud is one of them.
 * @param baud a speed
 * @return whether a line can be opened with it */
bool trine_uart_has_speed(uint32_t baud);

/** Opens a serial device or pseudo-terminal for this caller alone: while it is open, another
 * trine_uart_open of it, of any process, is refused, and so is any other opener that is not root.
 * baud: one of TRINE_UART_SPEEDS, or 0 to leave the line's speed as it is. Errors: ARG (the speed),
 * BUS (the line cannot be had); the sentence is in uart->error.
 * @param uart memory for it; to be given to trine_uart_close also after a failure
 * @param path of the line; not kept
 * @param baud its speed in bits a second, or 0
 * @return OK or an error of those */
enum trine_status trine_uart_open(struct trine_uart *uart, const char *path, uint32_t baud);
/** Bytes of shared memory behind the bridge. Errors: BUS, TIMEOUT; the sentence is in uart->error.
 * @param uart that was opened
 * @param bytes set
 * @return OK or an error of those */
enum trine_status trine_uart_memory_bytes(struct trine_uart *uart, uint32_t *bytes);
/** The bus; *uart must outlive it.
 * @param uart that was opened
 * @return for trine_open */
struct trine_bus trine_uart_bus(struct trine_uart *uart);
/** Gives the line back.
 * @param uart opened, closed, or not opened for an error */
void trine_uart_close(struct trine_uart *uart);

#ifdef __cplusplus
}
#endif

#endif
