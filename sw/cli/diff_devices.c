/* SPDX-License-Identifier: Apache-2.0 */
/* diff_devices: two runs of one model, compared; see diff_devices.h. */
#include "diff_devices.h"

#include <stdio.h>
#include <string.h>

#include "check.h"
#include "device.h"
#include "execute.h"
#include "plan.h"
#include "work.h"

/* One of the two. */
struct side {
  struct cli_options options; /* with its device */
  struct cli_device device;
  struct cli_work work;
};

static bool run_side(struct side *side, struct trine_error *error) {
  if (!cli_work_load(&side->options, &side->options.jobs[0], &side->work, error) ||
      !cli_device_open(&side->options, &side->device, error)) {
    return false;
  }
  if (side->device.kind == TRINE_DEVICE_GOLDEN) {
    return cli_plan_golden(&side->work, error) && cli_execute(&side->device, &side->work, error);
  }
  const uint32_t cores =
      side->options.cores == 0 ? trine_get_info(side->device.trine)->cores : side->options.cores;
  return cli_plan(&side->device, side->options.mode, cores, &side->work, error) &&
         cli_plan_jobs(&side->device, 0, &side->work, error) &&
         cli_execute(&side->device, &side->work, error);
}

/* Whether an output of both is the same; else the first difference is the error. */
static bool same_output(const struct side *a, const struct side *b, uint32_t index,
                        struct trine_error *error) {
  const struct trine_array *output = &a->work.outputs[index];
  const uint64_t bytes = trine_array_bytes(output);
  const uint8_t *left = output->data, *right = b->work.outputs[index].data;
  const size_t size = trine_dtype_size(output->dtype);
  const uint64_t width = a->work.info->outputs[index].width;
  uint64_t count = 0, first = 0;
  for (uint64_t n = 0; n < bytes; n += size) {
    if (memcmp(left + n, right + n, size) != 0) {
      first = count == 0 ? n / size : first;
      count++;
    }
  }
  if (count > 0) {
    trine_error_set(error, "%llu of %llu values differ, first value %llu of row %llu.",
                    (unsigned long long)count, (unsigned long long)(bytes / size),
                    (unsigned long long)(first % width), (unsigned long long)(first / width));
  }
  return count == 0;
}

static bool same(const struct side *a, const struct side *b, struct trine_error *error) {
  bool good = true;
  for (uint32_t n = 0; n < a->work.info->output_count && good; n++) {
    good = same_output(a, b, n, error);
  }
  return good;
}

/* Where a device left the golden model, on standard output. */
static void explain(struct side *side) {
  struct cli_check check;
  struct trine_error difference = {""}, error = {""};
  if (side->device.kind == TRINE_DEVICE_GOLDEN) {
    return;
  }
  if (!cli_check(&side->device, &side->work, &check, &difference, &error)) {
    printf("%s: %s\n", trine_device_kind_name(side->device.kind), error.text);
  } else {
    printf("%s: %s\n", trine_device_kind_name(side->device.kind),
           check.exact ? "as the golden model" : difference.text);
  }
}

bool cli_diff_devices(const struct cli_options *options, struct trine_error *error) {
  struct side a = {.options = *options}, b = {.options = *options};
  b.options.device = options->other;
  bool good = run_side(&a, error) && run_side(&b, error);
  if (good) {
    good = same(&a, &b, error);
    if (good) {
      printf("%s and %s: %llu values, all the same\n", trine_device_kind_name(a.device.kind),
             trine_device_kind_name(b.device.kind), (unsigned long long)a.work.outputs[0].count);
    } else {
      explain(&a);
      explain(&b);
    }
  }
  cli_work_free(&a.work);
  cli_work_free(&b.work);
  cli_device_close(&a.device);
  cli_device_close(&b.device);
  return good;
}
