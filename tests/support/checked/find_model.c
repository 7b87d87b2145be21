/* SPDX-License-Identifier: Apache-2.0 */
/* find_model: a model of a committed set that has what a test needs. */
#include "support/checked/find_model.h"

#include <check.h>
#include <stdio.h>

struct trine_model *find_model(const char *folder, bool (*fits)(const struct trine_model *model)) {
  for (int n = 0;; n++) {
    char path[256];
    struct trine_model *model = NULL;
    struct trine_error error = {""};
    snprintf(path, sizeof path, "%s/%05d.tflite", folder, n);
    const enum trine_status status = trine_model_load(path, &model, &error);
    ck_assert_msg(status == TRINE_OK, "no model before this one fits: %s", error.text);
    if (fits(model)) {
      return model;
    }
    trine_model_free(model);
  }
}
