/* SPDX-License-Identifier: Apache-2.0 */
/* commands_program: draws a program of format 3 (docs/programmers_guide.md) with what it loads, and
 * says what must become of it: its operations in order, and the error that ends it, if any. */
#ifndef TRINE_COMMANDS_PROGRAM_H
#define TRINE_COMMANDS_PROGRAM_H

#include <cstdint>
#include <vector>

extern "C" {
#include "program/records.h"
#include "support/seed.h"
}

namespace commands {

/* The shape, as commands.mk builds it. */
constexpr unsigned CORES = COMMANDS_CORES, MEM = COMMANDS_MEM, WORD = COMMANDS_WORD;
constexpr unsigned LANES = 8, TAIL_ROWS = 4, X_SLOTS = 4, CONTEXTS = 8, BUS = COMMANDS_BUS;
constexpr unsigned WEIGHT_WORDS = 1024, PARAM_ROWS = 2048, RING_BYTES = 8192, STATE_UNITS = 512;
constexpr unsigned RING_WORDS = RING_BYTES / 8, WRITER_BYTES = 8192, TABLE_ENTRIES = 512;
constexpr uint32_t CONFIG_HASH = 0x5eed1e55;

/* An operation; ranks: a bit each, 0: all. */
struct step {
  uint32_t op;
  uint32_t ranks;
  std::vector<uint32_t> words; /* the first one included */
  std::vector<uint32_t> data;  /* a LOAD's, as it stands in memory */
  uint32_t place = 0;          /* in the list */
};

/* How a program is spoilt. */
enum class fault {
  NONE,
  MAGIC,
  LIST,
  HEAD_CRC,
  BLOCK,
  CRC,
  MASK,
  BARE,
  TWO,
  PARAMS,
  REFUSED,
  ROW,
  COUNT
};

struct program {
  std::vector<uint32_t> window;
  uint32_t offset = 0; /* of the program, bytes */
  unsigned ranks = 1, mode = 0;
  bool resident = false, fresh = true;
  std::vector<step> steps; /* all of them, or up to where the error is seen */
  size_t last_block = 0;   /* first step of the last block */
  bool repeats = false;
  fault kind = fault::NONE;
  uint32_t error_place = 0, error_value = 0, error_code = 0;
  unsigned error_rank = 0;
  size_t rows = 0; /* that are written of the last LOAD, if one of them is wrong */
};

struct wish {
  unsigned ranks;
  std::vector<unsigned> params; /* beats of parameters that each rank has */
  unsigned blocks;
  fault kind;
};

class drawer {
 public:
  drawer(seed_stream *rng, const wish &w) : rng_(rng), wish_(w) {}
  program draw();

 private:
  using block = std::vector<step>;
  uint32_t uniform(uint32_t low, uint32_t high) {
    return static_cast<uint32_t>(seed_uniform(rng_, low, high));
  }
  uint32_t any() {
    return static_cast<uint32_t>(seed_next(rng_));
  }
  uint32_t some_ranks();
  step some(uint32_t op, std::vector<uint32_t> args);
  step load(bool rows);
  step context(uint32_t beyond);
  step stream(bool write);
  step table(unsigned most);
  step run(bool more);
  step between();
  block draw_block(bool last, bool plain);
  bool can_repeat();
  void spoil(size_t before);
  step wrong();
  void place_data();
  std::vector<uint32_t> assemble_list();
  void note_error(const step &s);
  void assemble();

  seed_stream *rng_;
  wish wish_;
  program p_;
  std::vector<block> blocks_;
  bool more_ = false;          /* a RUN has let contexts go on */
  size_t at_block_ = SIZE_MAX; /* which is wrong */
  size_t at_step_ = 0;
};

}  // namespace commands

#endif
