/* SPDX-License-Identifier: Apache-2.0 */
/* sim: clock, register accesses, waveform and probe of one simulated chip; see sim.h. */
#include "chip/sim.h"

#include <algorithm>
#include <cerrno>
#include <cstdarg>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "chip/sim_print.h"

namespace {

constexpr int kResetCycles = 16;
constexpr uint64_t kRegisterCycles = 10000; /* a register answers within a few dozen */

/* The model that is running on this thread. Verilator's hooks (text, stop, DPI) carry no context,
 * and a callback only happens inside step, so this is set there and nowhere else needed. */
thread_local trine_sim *running = nullptr;

std::string hex(uint64_t value) {
  char text[24];
  std::snprintf(text, sizeof text, "0x%llx", static_cast<unsigned long long>(value));
  return text;
}

}  // namespace

trine_sim::trine_sim(const trine_sim_options &options) : memory(options) {
  running = this;
  context_.randSeed(static_cast<int>(options.seed & 0x7fffffff) | 1);
#ifdef TRINE_SIM_RANDOM_POWER_UP
  context_.randReset(2);  // a model that is never started in any other way
#else
  context_.randReset(options.random_reset ? 2 : 0);
#endif
  context_.traceEverOn(true);
  top_ = std::make_unique<Vtrine_top>(&context_, "TOP");
  top_->clk_i = 0;
  top_->rst_ni = 0;
  /* A host is quiet until it is used, whatever the registers start with. */
  top_->s_axil_awvalid_i = 0;
  top_->s_axil_wvalid_i = 0;
  top_->s_axil_bready_i = 0;
  top_->s_axil_arvalid_i = 0;
  top_->s_axil_rready_i = 0;
  for (int i = 0; i < kResetCycles; i++) {
    tick();
  }
  top_->rst_ni = 1;
  cycle = 0;
}

trine_sim::~trine_sim() {
  running = this;
  if (wave_) {
    wave_->close();
  }
  top_->final();
  running = nullptr;
}

trine_status trine_sim::fail(trine_status status, const std::string &sentence) {
  error = sentence;
  return status;
}

void trine_sim::dump() {
  if (wave_) {
    wave_->dump(half_cycles_);
  }
  half_cycles_++;
}

/* One clock cycle: inputs of this cycle, settle, handshakes, rising edge. */
void trine_sim::tick() {
  top_->clk_i = 0;
  memory.drive(*top_);
  top_->eval();
  dump();
  memory.sample(*top_, cycle);
  top_->clk_i = 1;
  top_->eval();
  dump();
  cycle++;
}

void trine_sim::tick_traced() {
  if (!wave_ && cycle >= wave_start_ && cycle < wave_end_) {
    wave_ = std::make_unique<VerilatedFstC>();
#ifndef TRINE_SIM_NO_WAVES
    top_->trace(wave_.get(), 99);
#endif
    wave_->open(wave_path_.c_str());
  } else if (wave_ && cycle >= wave_end_) {
    wave_->close();
    wave_.reset();
    wave_wanted_ = false;
  }
  tick();
}

/* Runs until done() is true after a cycle, at most max_cycles. */
template <typename Done>
trine_status trine_sim::run(uint64_t max_cycles, const char *what, Done done) {
  if (is_dead_) {
    return TRINE_ERR_DEVICE;
  }
  running = this;
  for (uint64_t n = 0; n < max_cycles; n++) {
    if (wave_wanted_) {
      tick_traced();
    } else {
      tick();
    }
    if (!fault_.empty() || !memory.violation.empty()) {
      return settle_failure();
    }
    if (done()) {
      return TRINE_OK;
    }
  }
  return what == nullptr
             ? TRINE_OK
             : fail(TRINE_ERR_TIMEOUT, std::string("The ") + what + " did not come within " +
                                           std::to_string(max_cycles) + " cycles");
}

trine_status trine_sim::settle_failure() {
  if (wave_) {
    wave_->flush();
  }
  const std::string at = " (cycle " + std::to_string(cycle) + ")";
  is_dead_ = true;
  return fail(TRINE_ERR_DEVICE, (fault_.empty() ? memory.violation : fault_) + at);
}

trine_status trine_sim::step(uint64_t cycles) {
  return run(cycles, nullptr, [] { return false; });
}

trine_status trine_sim::wait(uint64_t max_cycles) {
  if (!is_dead_ && top_->irq_o) {
    return TRINE_OK;
  }
  return run(max_cycles, "interrupt", [this] { return top_->irq_o != 0; });
}

trine_status trine_sim::check_response(const char *what, uint32_t address, uint32_t response) {
  if (response == 0) {
    return TRINE_OK;
  }
  return fail(TRINE_ERR_BUS, std::string("The ") + what + " of register " + hex(address) +
                                 " was answered with " + (response == 2 ? "SLVERR" : "DECERR"));
}

/* A channel's valid is dropped after the cycle in which its ready was seen: the handshake is
 * decided on what has settled before the edge, so ready is looked at there. */
trine_status trine_sim::read32(uint32_t address, uint32_t *value) {
  top_->s_axil_araddr_i = address;
  top_->s_axil_arprot_i = 0;
  top_->s_axil_arvalid_i = 1;
  top_->s_axil_rready_i = 0;
  bool taken = false;
  trine_status status = TRINE_OK;
  uint64_t waited = 0;
  while (!taken && status == TRINE_OK && waited++ < kRegisterCycles) {
    top_->eval();
    taken = top_->s_axil_arready_o;
    status = step(1);
  }
  top_->s_axil_arvalid_i = 0;
  while (status == TRINE_OK && !top_->s_axil_rvalid_o && waited++ < kRegisterCycles) {
    status = step(1);
  }
  if (status != TRINE_OK) {
    return status;
  }
  if (!top_->s_axil_rvalid_o) {
    return fail(TRINE_ERR_TIMEOUT, "Register " + hex(address) + " did not answer a read");
  }
  *value = top_->s_axil_rdata_o;
  const uint32_t response = top_->s_axil_rresp_o;
  top_->s_axil_rready_i = 1;
  status = step(1);
  top_->s_axil_rready_i = 0;
  return status != TRINE_OK ? status : check_response("read", address, response);
}

trine_status trine_sim::write32(uint32_t address, uint32_t value, uint32_t strobe) {
  top_->s_axil_awaddr_i = address;
  top_->s_axil_awprot_i = 0;
  top_->s_axil_awvalid_i = 1;
  top_->s_axil_wdata_i = value;
  top_->s_axil_wstrb_i = strobe & 15;
  top_->s_axil_wvalid_i = 1;
  top_->s_axil_bready_i = 0;
  trine_status status = TRINE_OK;
  uint64_t waited = 0;
  while (status == TRINE_OK && !top_->s_axil_bvalid_o && waited++ < kRegisterCycles) {
    top_->eval();
    const bool address_taken = top_->s_axil_awready_o && top_->s_axil_awvalid_i;
    const bool data_taken = top_->s_axil_wready_o && top_->s_axil_wvalid_i;
    status = step(1);
    top_->s_axil_awvalid_i = top_->s_axil_awvalid_i && !address_taken;
    top_->s_axil_wvalid_i = top_->s_axil_wvalid_i && !data_taken;
  }
  top_->s_axil_awvalid_i = 0;
  top_->s_axil_wvalid_i = 0;
  if (status != TRINE_OK) {
    return status;
  }
  if (!top_->s_axil_bvalid_o) {
    return fail(TRINE_ERR_TIMEOUT, "Register " + hex(address) + " did not answer a write");
  }
  const uint32_t response = top_->s_axil_bresp_o;
  top_->s_axil_bready_i = 1;
  status = step(1);
  top_->s_axil_bready_i = 0;
  return status != TRINE_OK ? status : check_response("write", address, response);
}

trine_status trine_sim::trace(const char *path, uint64_t start, uint64_t count) {
  running = this;
#ifdef TRINE_SIM_NO_WAVES
  return fail(TRINE_ERR_ARG,
              "The model of " TRINE_CONFIG_NAME " is built without waveforms (docs/simulation.md)");
#endif
  if (wave_) {
    wave_->close();
    wave_.reset();
  }
  std::FILE *file = std::fopen(path, "wb"); /* the tracer itself would stop the program */
  if (file == nullptr) {
    return fail(TRINE_ERR_FILE, std::string("The waveform file ") + path +
                                    " cannot be written: " + std::strerror(errno));
  }
  std::fclose(file);
  wave_path_ = path;
  wave_start_ = start;
  wave_end_ = count == 0 ? UINT64_MAX : start + std::min(count, UINT64_MAX - start);
  wave_wanted_ = true;
  return TRINE_OK;
}

trine_status trine_sim::probe(size_t capacity) {
  points_.assign(capacity, trine_sim_point{});
  points_first_ = points_count_ = 0;
  points_lost_ = 0;
  return TRINE_OK;
}

size_t trine_sim::take_points(trine_sim_point *points, size_t max, uint64_t *lost) {
  const size_t count = std::min(max, points_count_);
  for (size_t n = 0; n < count; n++) {
    points[n] = points_[(points_first_ + n) % points_.size()];
  }
  if (count > 0) {
    points_first_ = (points_first_ + count) % points_.size();
    points_count_ -= count;
  }
  if (lost != nullptr) {
    *lost = points_lost_;
    points_lost_ = 0;
  }
  return count;
}

void trine_sim::on_point(const trine_sim_point &point) {
  if (points_.empty()) {
    return;
  }
  points_[(points_first_ + points_count_) % points_.size()] = point;
  points_[(points_first_ + points_count_) % points_.size()].cycle = cycle;
  if (points_count_ < points_.size()) {
    points_count_++;
  } else {
    points_first_ = (points_first_ + 1) % points_.size();
    points_lost_++;
  }
}

void trine_sim::on_text(const std::string &text) {
  if (text_.size() < 1000) {
    text_ += text;
  }
}

void trine_sim::on_stop(const char *file, int line) {
  std::replace(text_.begin(), text_.end(), '\n', ' ');
  if (fault_.empty()) {
    fault_ = "An assertion of the RTL does not hold at " + std::string(file) + ":" +
             std::to_string(line) + ": " + text_;
  }
  text_.clear();
}

/* --- Hooks of the generated model and its run-time library, resolved by name --- */

void trine_sim_print(const char *format, ...) {
  char text[512];
  va_list args;
  va_start(args, format);
  std::vsnprintf(text, sizeof text, format, args);
  va_end(args);
  if (running != nullptr) {
    running->on_text(text);
  }
}

void vl_stop(const char *filename, int linenum, const char *) {
  if (running != nullptr) {
    running->on_stop(filename, linenum);
  }
}

void vl_fatal(const char *filename, int linenum, const char *, const char *message) {
  trine_sim_print("%s", message);
  vl_stop(filename, linenum, nullptr);
}

void vl_finish(const char *filename, int linenum, const char *) {
  trine_sim_print("the model asked to finish");
  vl_stop(filename, linenum, nullptr);
}

/* The number of a core, by the path of the probe in it. */
extern "C" unsigned trine_probe_core(const char *path) {
  const char *core = std::strstr(path, "gen_core[");
  return core == nullptr ? 0 : static_cast<unsigned>(std::strtoul(core + 9, nullptr, 10));
}

extern "C" void trine_probe_point(unsigned core, unsigned marks, unsigned place,
                                  unsigned long long pre, unsigned value) {
  if (running == nullptr) {
    return;
  }
  trine_sim_point point = {};
  point.core = static_cast<uint8_t>(core);
  point.context = static_cast<uint8_t>(place >> 16);
  point.unit = static_cast<uint16_t>(place);
  point.first = marks & 1;
  point.last = marks >> 1 & 1;
  for (int gate = 0; gate < 4; gate++) {
    point.pre[gate] = static_cast<int16_t>(pre >> (16 * gate));
  }
  point.c = static_cast<int16_t>(value);
  point.h = static_cast<int8_t>(value >> 16);
  running->on_point(point);
}
