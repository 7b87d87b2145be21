/* SPDX-License-Identifier: Apache-2.0 */
/* cmd_state: `trine state`: streams picked out of files of states and put together. */
#include <stdlib.h>
#include <string.h>

#include "commands.h"
#include "print.h"
#include "session/states.h"
#include "targets.h"
#include "work.h"

enum { MAX_STREAMS = 65536 };

/* Streams of one --from, or all of them together. */
struct streams {
  const struct trine_model *model;
  struct trine_states states;
  uint32_t count; /* of states.sequences, how many are there */
};

/* Makes room for `more` streams. */
static bool grow(struct streams *streams, uint32_t more, struct trine_error *error) {
  const uint32_t wanted = streams->count + more;
  if (wanted > MAX_STREAMS) {
    trine_error_set(error, "%u streams were named; at most %d go into a file.", wanted,
                    MAX_STREAMS);
    return false;
  }
  if (wanted <= streams->states.sequences) {
    return true;
  }
  struct trine_states larger;
  /* Twice the room, so that many streams named one by one are not copied each time. */
  const uint32_t room = wanted > 2 * streams->count ? wanted : 2 * streams->count;
  bool good = trine_states_make(streams->model, room, &larger, error) == TRINE_OK;
  for (uint32_t n = 0; good && n < streams->count; n++) {
    good = trine_states_copy(&larger, n, &streams->states, n, error) == TRINE_OK;
  }
  trine_states_free(&streams->states);
  streams->states = larger;
  return good;
}

static bool append(struct streams *streams, const struct trine_states *from, uint32_t at,
                   struct trine_error *error) {
  return grow(streams, 1, error) &&
         trine_states_copy(&streams->states, streams->count++, from, at, error) == TRINE_OK;
}

/* A number that ends at a comma or at the end; *text then stands behind it. */
static bool take_number(const char **text, uint32_t limit, uint32_t *number) {
  char *end = NULL;
  const unsigned long value = strtoul(*text, &end, 10);
  const bool good =
      **text >= '0' && **text <= '9' && (*end == ',' || *end == '\0') && value < limit;
  *number = good ? (uint32_t)value : 0;
  *text = *end == ',' ? end + 1 : end;
  return good;
}

/* new, new:N */
static bool add_new(struct streams *streams, const char *count, struct trine_error *error) {
  uint32_t more = 1;
  if (count != NULL) {
    const char *rest = count;
    if (!take_number(&rest, MAX_STREAMS + 1, &more) || *rest != '\0' || more == 0) {
      trine_error_set(error, "--from new:N takes a number from 1 to %d, not '%.60s'.", MAX_STREAMS,
                      count);
      return false;
    }
  }
  if (!grow(streams, more, error)) {
    return false;
  }
  bool good = true;
  for (uint32_t n = 0; n < more && good; n++) {
    good = trine_states_reset(&streams->states, streams->count++, error) == TRINE_OK;
  }
  return good;
}

/* The streams of a file that `numbers` names, all of them when it is NULL. */
static bool add_picked(struct streams *streams, const char *path, const char *numbers,
                       const struct trine_states *from, struct trine_error *error) {
  for (uint32_t n = 0; numbers == NULL && n < from->sequences; n++) {
    if (!append(streams, from, n, error)) {
      return false;
    }
  }
  for (const char *rest = numbers; rest != NULL;) {
    uint32_t number = 0;
    const char *here = rest;
    if (!take_number(&rest, from->sequences, &number)) {
      trine_error_set(error, "%.100s has the streams 0 to %u, not '%.60s'.", path,
                      from->sequences - 1, here);
      return false;
    }
    if (!append(streams, from, number, error)) {
      return false;
    }
    rest = rest[-1] == ',' ? rest : NULL;
  }
  return true;
}

/* Cuts a path from the numbers behind its last colon, NULL: there are none. A colon behind a
 * backslash is one of the path, from which the backslash goes. */
static char *cut_numbers(char *text) {
  char *numbers = strrchr(text, ':'), *to = text;
  if (numbers != NULL && numbers > text && numbers[-1] == '\\') {
    numbers = NULL;
  }
  if (numbers != NULL) {
    *numbers++ = '\0';
  }
  for (const char *at = text; *at != '\0'; at++) {
    at += at[0] == '\\' && at[1] == ':';
    *to++ = *at;
  }
  *to = '\0';
  return numbers;
}

/* Adds what one --from names; it is cut at its colon. */
static bool add_from(struct streams *streams, char *text, struct trine_error *error) {
  char *numbers = cut_numbers(text);
  if (strcmp(text, "new") == 0) {
    return add_new(streams, numbers, error);
  }
  struct trine_states from;
  const bool good = trine_states_read(text, streams->model, &from, error) == TRINE_OK &&
                    add_picked(streams, text, numbers, &from, error);
  trine_states_free(&from);
  return good;
}

/* The ranges of an LSTM over all streams. */
struct state_range {
  int h_low, h_high, c_low, c_high;
};

static struct state_range range_of(const struct streams *streams, uint32_t n) {
  const struct trine_states *states = &streams->states;
  const size_t count = (size_t)states->units[n] * streams->count;
  const struct trine_lstm_state *lstm = &states->lstm[n];
  struct state_range range = {lstm->h[0], lstm->h[0], lstm->c[0], lstm->c[0]};
  for (size_t i = 1; i < count; i++) {
    range.h_low = lstm->h[i] < range.h_low ? lstm->h[i] : range.h_low;
    range.h_high = lstm->h[i] > range.h_high ? lstm->h[i] : range.h_high;
    range.c_low = lstm->c[i] < range.c_low ? lstm->c[i] : range.c_low;
    range.c_high = lstm->c[i] > range.c_high ? lstm->c[i] : range.c_high;
  }
  return range;
}

static uint32_t count_fresh(const struct streams *streams) {
  uint32_t fresh = 0;
  for (uint32_t at = 0; at < streams->count; at++) {
    fresh += trine_states_fresh(&streams->states, at);
  }
  return fresh;
}

static void print_text(const struct streams *streams) {
  cli_print("streams %u, not begun %u\n", streams->count, count_fresh(streams));
  for (uint32_t n = 0; n < streams->states.lstm_count; n++) {
    const struct state_range range = range_of(streams, n);
    cli_print("  LSTM %u: %u units, h %d to %d, c %d to %d\n", n, streams->states.units[n],
              range.h_low, range.h_high, range.c_low, range.c_high);
  }
}

static bool print_json(const struct cli_options *options, const struct streams *streams,
                       struct trine_error *error) {
  cJSON *object = cJSON_CreateObject();
  cJSON_AddStringToObject(object, "model", options->jobs[0].model);
  if (options->jobs[0].output != NULL) {
    cJSON_AddStringToObject(object, "output", options->jobs[0].output);
  } else {
    cJSON_AddNullToObject(object, "output");
  }
  cJSON_AddNumberToObject(object, "streams", streams->count);
  cJSON_AddNumberToObject(object, "not_begun", count_fresh(streams));
  cJSON *lstms = cJSON_AddArrayToObject(object, "lstms");
  for (uint32_t n = 0; n < streams->states.lstm_count; n++) {
    const struct state_range range = range_of(streams, n);
    cJSON *entry = cJSON_CreateObject();
    cJSON_AddItemToArray(lstms, entry);
    cJSON_AddNumberToObject(entry, "units", streams->states.units[n]);
    cJSON_AddNumberToObject(entry, "h_low", range.h_low);
    cJSON_AddNumberToObject(entry, "h_high", range.h_high);
    cJSON_AddNumberToObject(entry, "c_low", range.c_low);
    cJSON_AddNumberToObject(entry, "c_high", range.c_high);
  }
  return cli_print_json(object, error);
}

enum cli_exit cli_state(const struct cli_options *options, struct trine_error *error) {
  struct cli_work work = {.files = &options->jobs[0]};
  struct streams streams = {.count = 0};
  const struct cli_target target = {"--output", options->jobs[0].output};
  const char *read[] = {options->jobs[0].model};
  bool good = cli_check_targets(&target, 1, read, 1, error) &&
              cli_work_load_model(options, options->jobs[0].model, &work, error);
  if (good && work.info->lstm_count == 0) {
    trine_error_set(error, "%.150s has no LSTM, so there is no state; trine run needs none.",
                    options->jobs[0].model);
    good = false;
  }
  streams.model = work.model;
  for (uint32_t n = 0; n < options->from_count && good; n++) {
    good = add_from(&streams, options->from[n], error);
  }
  /* What is there is a part of what there is room for. */
  struct trine_states whole = streams.states;
  whole.sequences = streams.count;
  if (good && options->jobs[0].output != NULL) {
    good = trine_states_save(options->jobs[0].output, &whole, error) == TRINE_OK;
  }
  if (good && options->json) {
    good = print_json(options, &streams, error);
  } else if (good) {
    print_text(&streams);
  }
  trine_states_free(&streams.states);
  cli_work_free(&work);
  return good ? CLI_DONE : CLI_FAILED;
}
