/* SPDX-License-Identifier: Apache-2.0 */
/* planner_case: a described device and a stack for tests of the planner, see planner_case.h. */
#include "support/checked/planner_case.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "support/random_network.h"

enum { MEMORY = 64 << 20 }; /* windows of eight jobs and more */

void planner_case_open(struct planner_case *bench, const char *config) {
  struct fake_params params = case_params(config);
  params.weight_bytes *= 8;
  params.param_rows *= 4;
  params.state_units *= 4;
  params.pre_units *= 4;
  params.writer_bytes *= 2;
  params.table_entries = 512;
  memset(bench, 0, sizeof *bench);
  fake_device_create(&bench->fake, &params, MEMORY);
  bench->device = case_open(&bench->fake);
}

void planner_case_close(struct planner_case *bench) {
  case_free(&bench->made);
  free(bench->device);
  fake_device_destroy(&bench->fake);
}

/* One chain of LSTMs of these widths, the first the input's. */
void planner_case_stack(struct planner_case *bench, const uint32_t *widths, uint32_t lstms) {
  struct seed_stream stream = seed_start("stack");
  struct driver_case *made = &bench->made;
  for (uint32_t n = 0; n < lstms; n++) {
    made->layers[n] = random_lstm(&stream, widths[n], widths[n + 1], false);
  }
  made->tensors[0] = (struct trine_tensor){1, {widths[0]}};
  made->tensors[1] = (struct trine_tensor){1, {widths[lstms]}};
  made->chains[0] = (struct trine_chain){.target = 1, .layer_count = lstms};
  made->network = (struct trine_network){2, made->tensors, lstms, made->layers, 1, made->chains};
}

struct trine_plan_batch planner_case_batch(struct planner_case *bench, uint32_t sequences,
                                           uint32_t steps) {
  for (uint32_t n = 0; n < sequences; n++) {
    bench->lengths[n] = steps;
  }
  return (struct trine_plan_batch){
      .sequences = sequences, .lengths = bench->lengths, .is_resident = true};
}

uint64_t planner_case_shape_cycles(struct planner_case *bench, const struct trine_shape *shape,
                                   const struct trine_plan_batch *batch) {
  struct trine_placement placement;
  struct trine_forecast forecast = {0};
  enum trine_status status =
      trine_place_shape(bench->device, &bench->made.network, shape, &placement);
  if (status == TRINE_OK) {
    status = trine_forecast(trine_get_target(bench->device), &bench->made.network, &placement,
                            batch, &forecast, trine_error_of(bench->device));
  }
  ck_assert_msg(status == TRINE_OK, "%s", trine_last_error(bench->device));
  return forecast.cycles;
}

uint64_t planner_case_cycles(struct planner_case *bench, enum trine_mode mode, uint32_t cores,
                             uint32_t copies, const struct trine_plan_batch *batch) {
  return planner_case_shape_cycles(bench, &(const struct trine_shape){mode, cores, 1, copies},
                                   batch);
}
