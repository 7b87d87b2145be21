/* SPDX-License-Identifier: Apache-2.0 */
/* diff_devices: two runs of one model, compared; see diff_devices.h. */
#include "diff_devices.h"

#include <stdio.h>

#include "device.h"
#include "session/check.h"
#include "work.h"

/* One of the two. */
struct diff_side {
  struct cli_options options; /* with its device */
  struct cli_device device;
  struct trine_model_plan plan;
  struct trine_session *session;
};

static bool open_side(struct diff_side *side, struct cli_work *work, struct trine_error *error) {
  if (!cli_device_open(&side->options, &side->device, error)) {
    return false;
  }
  struct trine *trine = side->device.trine;
  const struct trine_session_options wanted = {
      .plan = &side->plan, .core_mask = 1, .connection = side->device.connection};
  if (trine == NULL) {
    return trine_session_open(work->model, NULL, NULL, &side->session, error) == TRINE_OK;
  }
  if (!cli_work_plan(&side->options, trine_get_target(trine), side->options.cores, work, error)) {
    return false;
  }
  side->plan = work->plan; /* each has its own */
  work->plan = (struct trine_model_plan){.count = 0};
  return trine_session_open(work->model, trine, &wanted, &side->session, error) == TRINE_OK;
}

static void close_side(struct diff_side *side) {
  trine_session_close(side->session);
  trine_model_plan_free(&side->plan);
  cli_device_close(&side->device);
}

/* Where a device left the golden model, on standard output. */
static void print_check(const struct diff_side *side, const struct trine_check *check) {
  if (side->device.trine != NULL) {
    printf("%s: %s\n", trine_device_kind_name(side->device.kind),
           check->exact ? "as the golden model" : check->difference.text);
  }
}

bool cli_diff_devices(const struct cli_options *options, struct trine_error *error) {
  struct diff_side a = {.options = *options}, b = {.options = *options};
  struct cli_work work = {.files = &options->jobs[0]};
  struct trine_comparison comparison = {.same = false};
  b.options.device = options->other;
  bool good = cli_work_load(options, work.files, &work, error) && open_side(&a, &work, error) &&
              open_side(&b, &work, error);
  if (good) {
    const struct trine_model_batch batch = cli_work_batch(&work);
    good = trine_sessions_compare(a.session, b.session, &batch, &comparison, error) == TRINE_OK;
  }
  if (good && comparison.same) {
    printf("%s and %s: %llu values, all the same\n", trine_device_kind_name(a.device.kind),
           trine_device_kind_name(b.device.kind), (unsigned long long)comparison.values);
  } else if (good) {
    print_check(&a, &comparison.checks[0]);
    print_check(&b, &comparison.checks[1]);
    *error = comparison.difference;
  }
  close_side(&a);
  close_side(&b);
  cli_work_free(&work);
  return good && comparison.same;
}
