/* SPDX-License-Identifier: Apache-2.0 */
/* commands_program: see commands_program.h. */
#include "commands_program.h"

#include <algorithm>
#include <tuple>

namespace commands {

/* Errors of the guide. */
constexpr uint32_t ERR_MAGIC = 16, ERR_HEADER_CRC = 18, ERR_LIST = 22, ERR_LIST_CRC = 23,
                   ERR_RESERVED = 26, ERR_FIELD = 27, ERR_LOCAL_ADDRESS = 28;

static uint32_t crc_of(uint32_t crc, uint32_t word) {
  for (unsigned i = 0; i < 32; i++) {
    uint32_t bit = (crc ^ word >> i) & 1;
    crc = (crc >> 1) ^ (bit != 0 ? 0xedb88320u : 0);
  }
  return crc;
}

/* plain: nothing of it is what a list repeats. */
drawer::block drawer::draw_block(bool last, bool plain) {
  block b;
  size_t room = last ? 125 : 121; /* without END, or the one that ends it */
  room = uniform(0, 3) == 0 ? room : uniform(0, static_cast<uint32_t>(room));
  for (unsigned tries = 0; tries < 20; tries++) {
    step s = between();
    bool repeated = s.op == TRINE_OP_SAVE || s.op == TRINE_OP_READ || s.op == TRINE_OP_WRITE;
    if (!plain && uniform(0, 9) == 0) {
      s = run(true);
    } else if (more_ && !repeated) {
      continue;
    }
    bool set_up = s.op == TRINE_OP_CONTEXT || s.op == TRINE_OP_CHANNEL;
    if ((plain && repeated) || (p_.repeats && last && set_up) || s.words.size() > room) {
      continue;
    }
    more_ = more_ || (s.op == TRINE_OP_RUN);
    room -= s.words.size();
    b.push_back(s);
  }
  if (last) {
    b.push_back(some(TRINE_OP_END, {}));
    return b;
  }
  uint32_t how = uniform(0, 4);
  if (how == 4 && !b.empty()) { /* it goes on in the next block */
    return b;
  }
  if (!plain && (more_ || how == 3)) {
    b.push_back(run(false));
    more_ = false;
  } else {
    b.push_back(how == 2 ? some(TRINE_OP_BARRIER, {}) : load(false));
  }
  return b;
}

program drawer::draw() {
  p_.ranks = wish_.ranks;
  p_.mode = uniform(0, 3);
  p_.resident = uniform(0, 3) == 0;
  p_.fresh = !p_.resident && uniform(0, 1) != 0;
  p_.kind = wish_.kind;
  p_.repeats = uniform(0, 1) != 0;
  std::vector<size_t> clean; /* blocks before which no context goes on */
  for (unsigned n = 0; n < wish_.blocks; n++) {
    if (!more_) {
      clean.push_back(n);
    }
    bool last = n + 1 == wish_.blocks;
    blocks_.push_back(draw_block(last, p_.repeats && !last));
  }
  p_.repeats = can_repeat();
  spoil(clean[uniform(0, static_cast<uint32_t>(clean.size() - 1))]);
  place_data();
  assemble();
  return p_;
}

bool drawer::can_repeat() {
  for (const block &b : blocks_) {
    for (const step &s : b) {
      bool again = s.op == TRINE_OP_SAVE || s.op == TRINE_OP_READ || s.op == TRINE_OP_WRITE ||
                   s.op == TRINE_OP_RUN;
      bool either = s.op == TRINE_OP_TABLE || s.op == TRINE_OP_END;
      if (!either && again != (&b == &blocks_.back())) {
        return false;
      }
    }
  }
  return true;
}

/* before: a block before which one that is wrong may be put. */
void drawer::spoil(size_t before) {
  if (p_.kind == fault::BLOCK || p_.kind == fault::CRC) {
    at_block_ = uniform(0, static_cast<uint32_t>(blocks_.size() - 1));
    p_.error_code = p_.kind == fault::CRC ? ERR_LIST_CRC : ERR_LIST;
  } else if (p_.kind == fault::REFUSED) {
    std::vector<std::pair<size_t, size_t>> all;
    for (size_t n = 0; n < blocks_.size(); n++) {
      for (size_t i = 0; i < blocks_[n].size(); i++) {
        if (blocks_[n][i].ranks != 0) {
          all.emplace_back(n, i);
        }
      }
    }
    if (all.empty()) {
      p_.kind = fault::NONE;
    } else {
      std::tie(at_block_, at_step_) = all[uniform(0, static_cast<uint32_t>(all.size() - 1))];
    }
  } else if (p_.kind >= fault::MASK) {
    at_block_ = before;
    block b;
    for (uint32_t n = uniform(0, 2); n > 0; n--) {
      b.push_back(table(8));
    }
    at_step_ = b.size();
    b.push_back(wrong());
    blocks_.insert(blocks_.begin() + static_cast<long>(before), b);
  }
}

/* An operation that is refused when its block is read, or in its LOAD. */
step drawer::wrong() {
  p_.error_code = ERR_FIELD;
  step s = load(p_.kind == fault::ROW);
  if (p_.kind == fault::MASK) {
    s = uniform(0, 1) != 0 ? table(8) : s; /* of a LOAD two ranks are wrong in any case */
    s.ranks =
        wish_.ranks == 16 || uniform(0, 1) == 0 ? 0 : s.ranks | 1u << uniform(wish_.ranks, 15);
  } else if (p_.kind == fault::BARE) {
    s = some(TRINE_OP_BARRIER, {});
    s.ranks = 1u << uniform(0, 15);
    p_.error_code = ERR_RESERVED;
  } else if (p_.kind == fault::TWO) {
    s.ranks = 1u | 1u << uniform(1, wish_.ranks > 1 ? wish_.ranks - 1 : 15);
  } else if (p_.kind == fault::PARAMS) {
    s = context(1);
    p_.error_code = ERR_LOCAL_ADDRESS;
  } else {
    p_.rows = uniform(0, static_cast<uint32_t>(s.data.size() / 4 - 1));
    uint32_t part = uniform(1, 3);
    uint32_t word = any() | (part == 1 ? 0x80000000 : 1);
    if (part == 2) {
      word = uniform(0, 1) != 0 ? uniform(32, 63) : 0xffffffe0;
    }
    s.data[p_.rows * 4 + part] = p_.error_value = word;
  }
  return s;
}

/* What is loaded stands in the window before and behind the program; nothing is behind the last. */
void drawer::place_data() {
  std::vector<step *> before, behind;
  size_t list = 0;
  for (block &b : blocks_) {
    list += 2;
    for (step &s : b) {
      list += s.words.size();
      if (s.op == TRINE_OP_LOAD) {
        (uniform(0, 1) != 0 ? before : behind).push_back(&s);
      }
    }
  }
  std::vector<uint32_t> &w = p_.window;
  auto put = [&](step *s) {
    w.resize(w.size() + uniform(0, uniform(0, 1) != 0 ? 1100 : 20), 0x5a5a5a5a);
    w.resize((w.size() + MEM / 4 - 1) / (MEM / 4) * (MEM / 4), 0x5a5a5a5a);
    s->words[4] = static_cast<uint32_t>(w.size() * 4);
    w.insert(w.end(), s->data.begin(), s->data.end());
  };
  for (step *s : before) {
    put(s);
  }
  w.resize((w.size() + uniform(0, 500) + 15) / 16 * 16, 0x5a5a5a5a);
  p_.offset = static_cast<uint32_t>(w.size() * 4);
  w.resize(w.size() + std::max<size_t>(8 + list, 32), 0x5a5a5a5a);
  for (step *s : behind) {
    put(s);
  }
  w.resize((w.size() + MEM / 4 - 1) / (MEM / 4) * (MEM / 4), 0x5a5a5a5a);
}

/* The list as it stands, and what becomes of it. */
std::vector<uint32_t> drawer::assemble_list() {
  std::vector<uint32_t> list;
  uint32_t crc = UINT32_MAX;
  bool ended = false;
  for (size_t n = 0; n < blocks_.size(); n++) {
    size_t begin = list.size(), words = 0;
    for (const step &s : blocks_[n]) {
      words += s.words.size();
    }
    list.push_back(TRINE_BLOCK_CODE | static_cast<uint32_t>(words) << 8 |
                   (n + 1 == blocks_.size() ? 1u << 15 : 0) | static_cast<uint32_t>(n) << 20);
    if (n == at_block_ && p_.kind == fault::BLOCK) {
      uint32_t bit = uniform(0, 24);
      list.back() ^= 1u << (bit < 8 ? bit : bit + 7); /* its length stays */
    }
    ended = ended || (n == at_block_ && p_.kind != fault::REFUSED && p_.kind != fault::ROW);
    p_.last_block = p_.steps.size();
    for (size_t i = 0; i < blocks_[n].size(); i++) {
      step s = blocks_[n][i];
      s.place = static_cast<uint32_t>(list.size());
      s.words[0] = s.op | static_cast<uint32_t>(s.words.size()) << 8 | s.ranks << 16;
      if (n == at_block_ && i == at_step_) {
        note_error(s);
        ended = ended || p_.kind == fault::REFUSED;
      }
      if (!ended) {
        p_.steps.push_back(s);
      }
      ended = ended || (n == at_block_ && i == at_step_);
      list.insert(list.end(), s.words.begin(), s.words.end());
    }
    for (size_t i = begin; i < list.size(); i++) {
      crc = crc_of(crc, list[i]);
    }
    list.push_back(~crc);
    if (n == at_block_ && p_.kind == fault::CRC) {
      list.back() ^= 1u << uniform(0, 31);
    }
    if (n == at_block_ && (p_.kind == fault::BLOCK || p_.kind == fault::CRC)) {
      p_.error_place = static_cast<uint32_t>(begin);
      p_.error_value = list[begin];
    }
  }
  return list;
}

/* s: the operation that is wrong. */
void drawer::note_error(const step &s) {
  p_.error_place = s.place;
  if (p_.kind == fault::REFUSED) {
    p_.error_value = s.words[1];
    p_.error_code = uniform(27, 31);
    do {
      p_.error_rank = uniform(0, wish_.ranks - 1);
    } while ((s.ranks >> p_.error_rank & 1) == 0);
  } else if (p_.kind == fault::ROW) {
    p_.error_rank = static_cast<unsigned>(__builtin_ctz(s.ranks));
  } else if (p_.kind == fault::PARAMS) {
    p_.error_value = s.words[7];
  } else {
    p_.error_value = s.words[0];
  }
}

void drawer::assemble() {
  std::vector<uint32_t> list = assemble_list();
  std::vector<uint32_t> head = {0x454e5254,
                                3,
                                static_cast<uint32_t>(list.size() + 8) * 4,
                                p_.mode | p_.ranks << 8,
                                CONFIG_HASH,
                                p_.resident ? 1u : 0,
                                static_cast<uint32_t>(list.size())};
  if (p_.kind == fault::MAGIC) {
    head[0] ^= 1u << uniform(0, 31);
    p_.error_code = ERR_MAGIC;
    p_.error_value = head[0];
  } else if (p_.kind == fault::LIST) {
    head[6] += uniform(1, 9);
    p_.error_code = ERR_LIST;
    p_.error_value = head[6];
  }
  uint32_t crc = UINT32_MAX;
  for (uint32_t word : head) {
    crc = crc_of(crc, word);
  }
  head.push_back(~crc);
  if (p_.kind == fault::HEAD_CRC) {
    head[7] ^= 1u << uniform(0, 31);
    p_.error_code = ERR_HEADER_CRC;
    p_.error_value = head[7];
  }
  if (p_.kind == fault::MAGIC || p_.kind == fault::LIST || p_.kind == fault::HEAD_CRC) {
    p_.steps.clear();
  }
  p_.repeats = p_.repeats && p_.kind == fault::NONE;
  head.insert(head.end(), list.begin(), list.end());
  std::copy(head.begin(), head.end(), p_.window.begin() + p_.offset / 4);
}

}  // namespace commands
