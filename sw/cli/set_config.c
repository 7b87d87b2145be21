/* SPDX-License-Identifier: Apache-2.0 */
/* set_config: fields by their names, rules from rtl/config_rules.txt; see set_config.h. */
#include "set_config.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "planner/forecast.h"
#include "trine_config_rules.h"

/* Field=value of `length` characters; *length includes the comma. */
static bool set_field(struct cli_options *options, const char *text, size_t length,
                      struct trine_error *error) {
  const char *equals = memchr(text, '=', length);
  const size_t name = equals != NULL ? (size_t)(equals - text) : length;
  const size_t digits = equals != NULL ? length - name - 1 : 0;
  if (digits < 1 || digits > 10 || strspn(equals + 1, "0123456789") < digits ||
      strtoull(equals + 1, NULL, 10) > UINT32_MAX) {
    trine_error_set(error,
                    "--set takes Field=value,... with numbers up to %" PRIu32 ", not '%.60s'.",
                    UINT32_MAX, text);
    return false;
  }
  for (size_t n = 0; n < TRINE_CONFIG_FIELDS; n++) {
    const struct trine_config_field *field = &trine_config_fields[n];
    if (strlen(field->name) == name && memcmp(field->name, text, name) == 0) {
      const uint32_t value = (uint32_t)strtoull(equals + 1, NULL, 10);
      memcpy((char *)&options->made_config + field->offset, &value, sizeof value);
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

bool cli_set_config(struct cli_options *options, struct trine_error *error) {
  const char *field = NULL;
  uint64_t value = 0;
  options->made_config = *options->config;
  for (const char *at = options->set; at != NULL;) {
    const char *comma = strchr(at, ',');
    const size_t length = comma != NULL ? (size_t)(comma - at) : strlen(at);
    if (!set_field(options, at, length, error)) {
      return false;
    }
    at = comma != NULL ? comma + 1 : NULL;
  }
  const char *rule = trine_config_broken(&options->made_config, &field, &value);
  if (rule != NULL) {
    trine_error_set(error, "--set %.100s on %s: %s is %" PRIu64 ", and must be %s.", options->set,
                    options->config->name, field, value, rule);
    return false;
  }
  if (options->made_config.queue_words > TRINE_FORECAST_QUEUE) {
    trine_error_set(error,
                    "--set %.100s on %s: QueueWords is %" PRIu32 "; the planner predicts up to %d.",
                    options->set, options->config->name, options->made_config.queue_words,
                    TRINE_FORECAST_QUEUE);
    return false;
  }
  (void)snprintf(options->made_name, sizeof options->made_name, "%s with %s", options->config->name,
                 options->set);
  options->made_config.name = options->made_name;
  options->config = &options->made_config;
  return true;
}
