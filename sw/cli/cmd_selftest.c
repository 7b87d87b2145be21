/* SPDX-License-Identifier: Apache-2.0 */
/* cmd_selftest: `trine selftest`: a fixed network in every mode against the golden model. */
#include <cjson/cJSON.h>
#include <stdlib.h>
#include <string.h>

#include "commands.h"
#include "device.h"
#include "golden/golden.h"
#include "print.h"
#include "selftest_network.h"

struct selftest_result {
  enum cli_mode mode;
  uint32_t cores;
  uint64_t cycles;
  bool exact;
};

/* Runs the network on the device in one mode into output. */
static bool run_mode(struct cli_device *device, const struct selftest *test,
                     const struct trine_batch *batch, struct selftest_result *result,
                     struct trine_error *error) {
  const size_t bytes = trine_job_sizeof(device->trine, &test->network);
  const struct trine_job_options options = {.mode = (enum trine_mode)result->mode,
                                            .cores = result->cores};
  void *memory = malloc(bytes);
  struct trine_job *job = NULL;
  if (memory == NULL) {
    trine_error_set(error, "There is no memory for a job of %zu bytes.", bytes);
    return false;
  }
  enum trine_status status =
      trine_job_create(device->trine, &test->network, &options, memory, bytes, &job);
  if (status == TRINE_OK) {
    status = trine_job_run(job, batch);
  } else {
    job = NULL;
  }
  if (status == TRINE_OK) {
    result->cycles = trine_job_stats(job)->cycles;
    result->cores = trine_job_stats(job)->cores;
  } else {
    trine_connection_explain(device->connection, status, error);
  }
  trine_job_destroy(job);
  free(memory);
  return status == TRINE_OK;
}

static bool print_results(const struct cli_options *options, const struct cli_device *device,
                          const struct selftest_result *results, uint32_t count,
                          struct trine_error *error) {
  if (!options->json) {
    for (uint32_t n = 0; n < count; n++) {
      cli_print("%-15s %u cores  %6llu cycles  %s\n", cli_mode_name(results[n].mode),
                results[n].cores, (unsigned long long)results[n].cycles,
                results[n].exact ? "exact" : "NOT EXACT");
    }
    return true;
  }
  cJSON *object = cJSON_CreateObject();
  cJSON_AddStringToObject(object, "config", device->config);
  cJSON *modes = cJSON_AddArrayToObject(object, "modes");
  for (uint32_t n = 0; n < count; n++) {
    cJSON *entry = cJSON_CreateObject();
    cJSON_AddItemToArray(modes, entry);
    cJSON_AddStringToObject(entry, "mode", cli_mode_name(results[n].mode));
    cJSON_AddNumberToObject(entry, "cores", results[n].cores);
    cJSON_AddNumberToObject(entry, "cycles", (double)results[n].cycles);
    cJSON_AddBoolToObject(entry, "exact", results[n].exact);
  }
  return cli_print_json(object, error);
}

static uint32_t count_different(const int8_t got[SELFTEST_OUTPUT_BYTES],
                                const int8_t want[SELFTEST_OUTPUT_BYTES]) {
  uint32_t count = 0;
  for (uint32_t n = 0; n < SELFTEST_OUTPUT_BYTES; n++) {
    count += got[n] != want[n];
  }
  return count;
}

/* Every mode the device has cores for. */
static bool run_modes(const struct cli_options *options, struct cli_device *device,
                      const struct selftest *test, struct trine_error *error) {
  int8_t want[SELFTEST_OUTPUT_BYTES] = {0};
  struct trine_batch batch = selftest_batch(test, want);
  const struct trine_golden_options golden = {.error = error};
  if (trine_golden_run(&test->network, &batch, &golden) != TRINE_OK) {
    return false;
  }
  const uint32_t cores = trine_get_info(device->trine)->cores;
  struct selftest_result results[4] = {{.mode = CLI_MODE_SINGLE, .cores = 1},
                                       {.mode = CLI_MODE_MULTITHREADING, .cores = 2},
                                       {.mode = CLI_MODE_HELPER, .cores = cores},
                                       {.mode = CLI_MODE_HYBRID, .cores = cores}};
  const uint32_t count = cores == 1 ? 1 : 4;
  bool exact = true;
  for (uint32_t n = 0; n < count; n++) {
    int8_t got[SELFTEST_OUTPUT_BYTES] = {0};
    batch = selftest_batch(test, got);
    if (!run_mode(device, test, &batch, &results[n], error)) {
      trine_error_prefix(error, cli_mode_name(results[n].mode));
      return false;
    }
    results[n].exact = memcmp(got, want, sizeof got) == 0;
    if (exact && !results[n].exact) {
      exact = false;
      trine_error_set(error, "Mode %s differs from the golden model in %u of %zu values.",
                      cli_mode_name(results[n].mode), count_different(got, want), sizeof got);
    }
  }
  return print_results(options, device, results, count, error) && exact;
}

enum cli_exit cli_selftest(const struct cli_options *options, struct trine_error *error) {
  struct cli_device device = {.kind = options->device.kind};
  struct selftest *test = malloc(sizeof *test);
  bool good = test != NULL;
  if (options->device.kind == TRINE_DEVICE_GOLDEN) {
    free(test);
    trine_error_set(error,
                    "--device golden is what trine selftest compares with; it takes sim, "
                    "uart:PATH or mmio:PATH.");
    return CLI_USAGE;
  }
  if (good) {
    selftest_make(test);
    good = cli_device_open(options, &device, error) && run_modes(options, &device, test, error);
  } else {
    trine_error_set(error, "There is no memory for the test network.");
  }
  cli_device_close(&device);
  free(test);
  return good ? CLI_DONE : CLI_FAILED;
}
