/* SPDX-License-Identifier: Apache-2.0 */
/* diff_devices: two runs of one model, compared; see diff_devices.h. */
#include "diff_devices.h"

#include "device.h"
#include "print.h"
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

/* Where a device left the golden model. */
static const char *check_text(const struct trine_check *check) {
  return check->exact ? "as the golden model" : check->difference.text;
}

static bool print_json(const struct diff_side sides[2], const struct trine_comparison *comparison,
                       struct trine_error *error) {
  cJSON *object = cJSON_CreateObject();
  cJSON_AddStringToObject(object, "model", sides[0].options.jobs[0].model);
  cJSON_AddBoolToObject(object, "same", comparison->same);
  cJSON_AddNumberToObject(object, "values_compared", (double)comparison->values);
  cJSON *devices = cJSON_AddArrayToObject(object, "devices");
  for (int n = 0; n < 2; n++) {
    const bool is_judged = !comparison->same && sides[n].device.trine != NULL;
    cJSON *entry = cJSON_CreateObject();
    cJSON_AddItemToArray(devices, entry);
    cJSON_AddStringToObject(entry, "device", trine_device_kind_name(sides[n].device.kind));
    cJSON_AddStringToObject(entry, "config", sides[n].device.config);
    if (is_judged) {
      cJSON_AddBoolToObject(entry, "exact", comparison->checks[n].exact);
      cJSON_AddStringToObject(entry, "difference", comparison->checks[n].difference.text);
    }
  }
  return cli_print_json(object, error);
}

static void print_text(const struct diff_side sides[2], const struct trine_comparison *comparison) {
  if (comparison->same) {
    cli_print("%s and %s: %llu values, all the same\n",
              trine_device_kind_name(sides[0].device.kind),
              trine_device_kind_name(sides[1].device.kind), (unsigned long long)comparison->values);
    return;
  }
  for (int n = 0; n < 2; n++) {
    if (sides[n].device.trine != NULL) {
      cli_print("%s: %s\n", trine_device_kind_name(sides[n].device.kind),
                check_text(&comparison->checks[n]));
    }
  }
}

bool cli_diff_devices(const struct cli_options *options, struct trine_error *error) {
  struct diff_side sides[2] = {{.options = *options}, {.options = *options}};
  struct cli_work work = {.files = &options->jobs[0]};
  struct trine_comparison comparison = {.same = false};
  sides[1].options.device = options->other;
  bool good = cli_work_load(options, work.files, &work, error) &&
              open_side(&sides[0], &work, error) && open_side(&sides[1], &work, error);
  if (good) {
    const struct trine_model_batch batch = cli_work_batch(&work);
    good = trine_sessions_compare(sides[0].session, sides[1].session, &batch, &comparison, error) ==
           TRINE_OK;
  }
  if (good && options->json) {
    good = print_json(sides, &comparison, error);
  } else if (good) {
    print_text(sides, &comparison);
  }
  if (good && !comparison.same) {
    *error = comparison.difference;
  }
  close_side(&sides[0]);
  close_side(&sides[1]);
  cli_work_free(&work);
  return good && comparison.same;
}
