/* SPDX-License-Identifier: Apache-2.0 */
/* trine_sim: the C interface of the simulated chip, see trine_sim.h. */
#include "sim/trine_sim.h"

#include <cstring>
#include <exception>
#include <memory>
#include <string>

#include "chip/sim.h"

namespace {

constexpr uint32_t kMaxRate = 1000, kMaxStall = 900, kAll = 1000;

trine_sim *sim_create(const trine_sim_options *options) {
  if (options == nullptr || options->memory_bytes == 0 || options->latency_cycles == 0 ||
      options->beats_num == 0 || options->beats_num > kMaxRate || options->beats_den == 0 ||
      options->beats_den > kMaxRate || options->stall_permille > kMaxStall) {
    return nullptr;
  }
  try {
    auto sim = std::make_unique<trine_sim>(*options);
    return sim->memory.valid() ? sim.release() : nullptr;
  } catch (const std::exception &) {
    return nullptr;
  }
}

void sim_destroy(trine_sim *sim) {
  delete sim;
}

trine_status sim_read32(trine_sim *sim, uint32_t address, uint32_t *value) {
  return sim->read32(address, value);
}

trine_status sim_write32(trine_sim *sim, uint32_t address, uint32_t value, uint32_t strobe) {
  return sim->write32(address, value, strobe);
}

trine_status outside(trine_sim *sim, uint64_t address, size_t len_bytes) {
  return sim->fail(TRINE_ERR_ARG, std::to_string(len_bytes) + " bytes at address " +
                                      std::to_string(address) + " are not all in the memory");
}

trine_status sim_mem_read(trine_sim *sim, uint64_t address, void *data, size_t len_bytes) {
  const uint8_t *source = sim->memory.at(address, len_bytes);
  if (source == nullptr) {
    return outside(sim, address, len_bytes);
  }
  std::memcpy(data, source, len_bytes);
  return TRINE_OK;
}

trine_status sim_mem_write(trine_sim *sim, uint64_t address, const void *data, size_t len_bytes) {
  uint8_t *target = sim->memory.at(address, len_bytes);
  if (target == nullptr) {
    return outside(sim, address, len_bytes);
  }
  std::memcpy(target, data, len_bytes);
  return TRINE_OK;
}

trine_status sim_step(trine_sim *sim, uint64_t cycles) {
  return sim->step(cycles);
}

trine_status sim_wait(trine_sim *sim, uint64_t max_cycles) {
  return sim->wait(max_cycles);
}

uint64_t sim_cycles(const trine_sim *sim) {
  return sim->cycle;
}

trine_status sim_add_fault(trine_sim *sim, const trine_sim_fault *fault) {
  if (sim->memory.faults.size() >= AxiMemory::kMaxFaults || fault->len_bytes == 0) {
    return sim->fail(TRINE_ERR_ARG, "At most 8 faults, of at least one byte each, fit");
  }
  sim->memory.faults.push_back(*fault);
  return TRINE_OK;
}

void sim_clear_faults(trine_sim *sim) {
  sim->memory.faults.clear();
}

trine_status sim_trace(trine_sim *sim, const char *path, uint64_t start, uint64_t count) {
  return sim->trace(path, start, count);
}

trine_status sim_probe(trine_sim *sim, size_t capacity) {
  return sim->probe(capacity);
}

size_t sim_take_points(trine_sim *sim, trine_sim_point *points, size_t max, uint64_t *lost) {
  return sim->take_points(points, max, lost);
}

void sim_stats(const trine_sim *sim, trine_sim_stats *stats) {
  *stats = sim->memory.stats;
}

trine_status sim_guard(trine_sim *sim, uint32_t core, const trine_sim_window *window) {
  if (core >= AxiGuard::kIds) {
    return sim->fail(TRINE_ERR_ARG, "There is no core " + std::to_string(core) + "; there are " +
                                        std::to_string(AxiGuard::kIds));
  }
  sim->memory.guard.set_window(core, window);
  return TRINE_OK;
}

trine_status sim_mischief(trine_sim *sim, const trine_sim_mischief *mischief) {
  if (mischief->read_error_permille > kAll || mischief->write_error_permille > kAll ||
      mischief->late_permille > kAll || mischief->lost_permille > kAll ||
      mischief->late_max < mischief->late_min) {
    return sim->fail(TRINE_ERR_ARG, "A chance is at most 1000, and late_max not below late_min");
  }
  sim->memory.guard.set_mischief(*mischief);
  return TRINE_OK;
}

const char *sim_error(const trine_sim *sim) {
  return sim->error.c_str();
}

const trine_sim_ops api = {
    TRINE_SIM_ABI, TRINE_CONFIG_NAME, static_cast<uint32_t>(AxiMemory::kBeatBytes),
    sim_create,    sim_destroy,       sim_read32,
    sim_write32,   sim_mem_read,      sim_mem_write,
    sim_step,      sim_wait,          sim_cycles,
    sim_add_fault, sim_clear_faults,  sim_trace,
    sim_probe,     sim_take_points,   sim_stats,
    sim_error,     sim_guard,         sim_mischief,
};

}  // namespace

__attribute__((visibility("default"))) const trine_sim_ops *trine_sim_api(void) {
  return &api;
}
