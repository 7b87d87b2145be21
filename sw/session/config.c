/* SPDX-License-Identifier: Apache-2.0 */
/* config: fields by their names, rules from rtl/config_rules.txt; see config.h. */
#include "session/config.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "planner/forecast.h"
#include "sim/sim_backend.h"
#include "trine_config_rules.h"
#include "trine_configs.h"

const struct trine_config_row *trine_config_find(const char *name, struct trine_error *error) {
  char names[160] = "";
  for (int row = 0; row < TRINE_CONFIG_ROWS; row++) {
    if (name != NULL && strcmp(trine_config_rows[row].name, name) == 0) {
      return &trine_config_rows[row];
    }
    strncat(names, row == 0 ? "" : ", ", sizeof names - strlen(names) - 1);
    strncat(names, trine_config_rows[row].name, sizeof names - strlen(names) - 1);
  }
  trine_error_set(error, "There is no configuration '%.60s'; there are %s.",
                  name != NULL ? name : "", names);
  return NULL;
}

/* Field=value of `length` characters. */
static bool set_field(struct trine_config_row *made, const char *text, size_t length,
                      struct trine_error *error) {
  const char *equals = memchr(text, '=', length);
  const size_t name = equals != NULL ? (size_t)(equals - text) : length;
  const size_t digits = equals != NULL ? length - name - 1 : 0;
  if (digits < 1 || digits > 10 || strspn(equals + 1, "0123456789") < digits ||
      strtoull(equals + 1, NULL, 10) > UINT32_MAX) {
    trine_error_set(error,
                    "A change is Field=value,... with numbers up to %" PRIu32 ", not '%.60s'.",
                    UINT32_MAX, text);
    return false;
  }
  for (size_t n = 0; n < TRINE_CONFIG_FIELDS; n++) {
    const struct trine_config_field *field = &trine_config_fields[n];
    if (strlen(field->name) == name && memcmp(field->name, text, name) == 0) {
      const uint32_t value = (uint32_t)strtoull(equals + 1, NULL, 10);
      memcpy((char *)made + field->offset, &value, sizeof value);
      return true;
    }
  }
  char names[256] = "";
  for (size_t n = 0; n < TRINE_CONFIG_FIELDS; n++) {
    strncat(names, n == 0 ? "" : ", ", sizeof names - strlen(names) - 1);
    strncat(names, trine_config_fields[n].name, sizeof names - strlen(names) - 1);
  }
  trine_error_set(error, "A configuration has no field '%.*s'; it has %s.",
                  (int)(name < 40 ? name : 40), text, names);
  return false;
}

enum trine_status trine_config_change(const struct trine_config_row *base, const char *text,
                                      char name[TRINE_CONFIG_MADE_NAME],
                                      struct trine_config_row *made, struct trine_error *error) {
  const char *field = NULL;
  uint64_t value = 0;
  *made = *base;
  for (const char *at = text; at != NULL;) {
    const char *comma = strchr(at, ',');
    const size_t length = comma != NULL ? (size_t)(comma - at) : strlen(at);
    if (!set_field(made, at, length, error)) {
      return TRINE_ERR_ARG;
    }
    at = comma != NULL ? comma + 1 : NULL;
  }
  const char *rule = trine_config_broken(made, &field, &value);
  if (rule != NULL) {
    trine_error_set(error, "%.100s on %s: %s is %" PRIu64 ", and must be %s.", text, base->name,
                    field, value, rule);
    return TRINE_ERR_ARG;
  }
  if (made->queue_words > TRINE_FORECAST_QUEUE) {
    trine_error_set(error,
                    "%.100s on %s: QueueWords is %" PRIu32 "; the planner predicts up to %d.", text,
                    base->name, made->queue_words, TRINE_FORECAST_QUEUE);
    return TRINE_ERR_ARG;
  }
  (void)snprintf(name, TRINE_CONFIG_MADE_NAME, "%s with %s", base->name, text);
  made->name = name;
  return TRINE_OK;
}

enum trine_status trine_config_target(const struct trine_config_row *config,
                                      struct trine_target *target, struct trine_error *error) {
  const uint32_t parameters[TRINE_PARAMETERS] = {
      config->cores,        config->contexts,     config->lanes,         config->macs_per_lane,
      config->tail_rows,    config->bus_bytes,    config->x_slots,       config->queue_words,
      config->weight_bytes, config->param_rows,   config->ring_bytes,    config->state_units,
      config->pre_units,    config->writer_bytes, config->table_entries, config->max_inputs,
      config->max_units,    config->mem_bytes};
  return trine_target_set(target, parameters, config->name, trine_sim_defaults().memory_bytes,
                          error);
}

const struct trine_config_row *trine_config_of(uint32_t config_hash) {
  for (int row = 0; row < TRINE_CONFIG_ROWS; row++) {
    struct trine_target target;
    if (trine_config_target(&trine_config_rows[row], &target, NULL) == TRINE_OK &&
        target.info.config_hash == config_hash) {
      return &trine_config_rows[row];
    }
  }
  return NULL;
}
