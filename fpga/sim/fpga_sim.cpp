/* SPDX-License-Identifier: Apache-2.0 */
/* fpga_sim: the top of a board in simulation, its serial pins behind a pseudo-terminal.
 *
 * Usage: fpga_sim [SECONDS [TIMES]]. Prints one line, `pty PATH`, and runs until PATH was opened
 * and closed again TIMES (1), or until SECONDS (600) have passed. Exit 0 after the last close, 1
 * otherwise; an assertion of the RTL that fails ends it at once. */
#include <fcntl.h>
#include <poll.h>
#include <termios.h>
#include <unistd.h>
#include <cerrno>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "Vboard.h"
#include "serial_line.h"
#include "verilated.h"

#ifndef FPGA_CLOCKS_PER_BIT
#error "FPGA_CLOCKS_PER_BIT must be what the model was built with"
#endif

namespace {

constexpr unsigned CYCLES_A_LOOK = 200; /* between looks at the pseudo-terminal */
constexpr int IDLE_MS = 20;
constexpr unsigned RESET_CYCLES = 8;

/* A pseudo-terminal without line editing; its path is printed. -1 with a message on failure. */
int open_terminal() {
  const int fd = posix_openpt(O_RDWR | O_NOCTTY);
  if (fd < 0 || grantpt(fd) != 0 || unlockpt(fd) != 0) {
    std::perror("fpga_sim: no pseudo-terminal");
    return -1;
  }
  const char *path = ptsname(fd);
  const int line = path != nullptr ? open(path, O_RDWR | O_NOCTTY) : -1;
  struct termios raw;
  if (line < 0 || tcgetattr(line, &raw) != 0) {
    std::perror("fpga_sim: no pseudo-terminal");
    return -1;
  }
  cfmakeraw(&raw);
  const bool set = tcsetattr(line, TCSANOW, &raw) == 0;
  close(line); /* so that the first to open it, and the last to close it, can be seen */
  if (!set || fcntl(fd, F_SETFL, O_NONBLOCK) != 0) {
    std::perror("fpga_sim: no raw line");
    return -1;
  }
  std::printf("pty %s\n", path);
  std::fflush(stdout);
  return fd;
}

/* Nobody has the other side open. */
bool hung_up(int fd) {
  struct pollfd line = {fd, POLLIN, 0};
  return poll(&line, 1, 0) > 0 && (line.revents & POLLHUP) != 0 && (line.revents & POLLIN) == 0;
}

/* Moves bytes between terminal and line; false when the terminal takes no more or is closed. */
bool exchange(int fd, SerialLine &line) {
  uint8_t bytes[256];
  if (line.waiting() < sizeof bytes) {
    const ssize_t got = read(fd, bytes, sizeof bytes);
    if (got > 0) {
      line.send(bytes, static_cast<size_t>(got));
    }
    if (got < 0 && errno != EAGAIN && errno != EINTR) {
      return false;
    }
  }
  while (!line.received.empty()) {
    const ssize_t put = write(fd, &line.received.front(), 1);
    if (put < 0 && errno == EAGAIN) {
      break;
    }
    if (put != 1) {
      return false;
    }
    line.received.pop_front();
  }
  return true;
}

void run_cycles(VerilatedContext &context, Vboard &top, SerialLine &line, unsigned count) {
  for (unsigned n = 0; n < count; n++) {
    top.rx_i = line.step(top.tx_o != 0) ? 1 : 0;
    top.clk_i = 1;
    top.eval();
    top.clk_i = 0;
    top.eval();
    context.timeInc(1);
  }
}

/* Until the terminal was closed as often (true) or the time is over (false). */
bool serve(int fd, VerilatedContext &context, Vboard &top, double seconds, int times) {
  const auto start = std::chrono::steady_clock::now();
  SerialLine line(FPGA_CLOCKS_PER_BIT);
  bool opened = false;
  while (std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count() <
         seconds) {
    const bool closed = hung_up(fd) || (opened && !exchange(fd, line));
    if (closed && opened && --times == 0) {
      return true;
    }
    opened = !closed;
    if (closed) {
      poll(nullptr, 0, IDLE_MS);
    } else {
      run_cycles(context, top, line, CYCLES_A_LOOK);
    }
  }
  return false;
}

}  // namespace

int main(int argc, char **argv) {
  const double seconds = argc > 1 ? std::atof(argv[1]) : 600.0;
  const int times = argc > 2 ? std::atoi(argv[2]) : 1;
  const int fd = open_terminal();
  if (fd < 0) {
    return 1;
  }
  VerilatedContext context;
  Vboard top(&context);
  SerialLine quiet(FPGA_CLOCKS_PER_BIT);
  top.btn_ni = 0;
  run_cycles(context, top, quiet, RESET_CYCLES);
  top.btn_ni = 1;
  const bool closed = serve(fd, context, top, seconds, times);
  if (!closed) {
    std::fprintf(stderr, "fpga_sim: nobody closed the line as often in %.0f s\n", seconds);
  }
  std::fprintf(stderr, "fpga_sim: %llu cycles\n", static_cast<unsigned long long>(context.time()));
  top.final();
  close(fd);
  return closed ? 0 : 1;
}
