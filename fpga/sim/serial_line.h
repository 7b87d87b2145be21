/* SPDX-License-Identifier: Apache-2.0 */
/* serial_line: the far end of a simulated serial line, 8N1: bytes to and from levels, clock by
 * clock.
 *
 * step() once a clock cycle, before the rising edge: takes the level the device drives, gives the
 * level it sees. clocks_per_bit as in the device, 4 or more. */
#ifndef TRINE_FPGA_SERIAL_LINE_H
#define TRINE_FPGA_SERIAL_LINE_H

#include <cstddef>
#include <cstdint>
#include <deque>

class SerialLine {
 public:
  explicit SerialLine(unsigned clocks_per_bit) : clocks_(clocks_per_bit) {}

  void send(const uint8_t *bytes, size_t count) {
    out_.insert(out_.end(), bytes, bytes + count);
  }
  /* A byte whose stop bit is low, then a byte time of rest. */
  void send_broken(uint8_t byte) {
    out_.push_back(static_cast<uint16_t>(byte | BROKEN));
    out_.push_back(REST);
  }
  /* Bytes not yet wholly on the line. */
  size_t waiting() const {
    return out_.size() + (bits_left_ > 0 ? 1 : 0);
  }
  /* Bytes received so far; the reader takes them out. */
  std::deque<uint8_t> received;
  /* Stop bits that were low. */
  unsigned faults = 0;

  bool step(bool level) {
    listen(level);
    return talk();
  }

 private:
  static constexpr uint16_t BROKEN = 0x100, REST = 0x200;
  static constexpr unsigned BITS = 10;

  bool talk() {
    if (bits_left_ == 0) {
      if (out_.empty()) {
        return true;
      }
      const uint16_t byte = out_.front();
      out_.pop_front();
      const unsigned stop = (byte & BROKEN) != 0 ? 0 : 1;
      shift_ = (byte & REST) != 0 ? 0x3ffU : (stop << 9 | (byte & 0xffU) << 1);
      bits_left_ = BITS;
      clock_ = 0;
    }
    const bool level = (shift_ & 1) != 0;
    if (++clock_ == clocks_) {
      clock_ = 0;
      shift_ >>= 1;
      bits_left_--;
    }
    return level;
  }

  void listen(bool level) {
    if (heard_ == 0) {
      if (level) {
        return;
      }
      heard_ = 1;
      until_ = clocks_ / 2;
      return;
    }
    if (--until_ > 0) {
      return;
    }
    until_ = clocks_;
    if (heard_ > 1 && heard_ < BITS) {
      byte_ = (byte_ >> 1) | (level ? 0x80U : 0U);
    }
    if (heard_++ < BITS) {
      return;
    }
    if (!level) {
      faults++;
    }
    received.push_back(static_cast<uint8_t>(byte_));
    heard_ = 0;
  }

  unsigned clocks_;
  std::deque<uint16_t> out_;
  unsigned shift_ = 0, bits_left_ = 0, clock_ = 0;
  unsigned heard_ = 0, until_ = 0, byte_ = 0;
};

#endif
