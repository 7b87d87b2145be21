/* SPDX-License-Identifier: Apache-2.0 */
/* cmd_replay: `trine replay`: the dump of a run that failed, done again in simulation. */
#include <stdio.h>

#include "commands.h"
#include "io/text.h"
#include "print.h"
#include "session/replay.h"
#include "targets.h"

static const char *const failure_names[] = {"error", "stopped", "access"};

static void print_text(const struct cli_options *options, const struct trine_dump *dump,
                       const struct trine_replay *replay) {
  const struct trine_dump_head *head = &dump->head;
  char text[TRINE_REPLAY_TEXT_BYTES], room[TRINE_TEXT_ROOM], said[TRINE_DUMP_TEXT_BYTES];
  char start[TRINE_TEXT_NUMBER], end[TRINE_TEXT_NUMBER];
  cli_print("%s: %s, slot %u, cores 0x%x, recorded on %s\n", options->jobs[0].model,
            trine_config_of(head->config_hash)->name, head->slot, head->state.core_mask,
            trine_text_of(room, sizeof room, head->device));
  cli_print("  %s\n", trine_replay_failure(dump, text));
  (void)snprintf(said, sizeof said, "%s", head->sentence);
  trine_text_clean(said);
  cli_print("  the driver said: %s\n", said[0] != '\0' ? said : "-");
  cli_print("  %s\n", replay->text);
  if (replay->is_put_back) {
    cli_print("  the error of memory was put back at 0x%llx\n",
              (unsigned long long)replay->put_back);
  }
  if (replay->why[0] != '\0') {
    cli_print("  it may be that %s\n", replay->why);
  }
  if (options->wave != NULL) {
    cli_print("  cycles %s to %s since reset in %s\n", trine_text_number(start, replay->wave_start),
              trine_text_number(end, replay->wave_end), options->wave);
  }
}

static void add_state(cJSON *object, const struct trine_dump_state *state, bool is_known) {
  cli_json_known(object, "state", state->status & 7, is_known);
  cli_json_known(object, "error", state->error_code, is_known);
  if (is_known) {
    cJSON_AddStringToObject(object, "error_name", trine_replay_error_name(state->error_code));
  } else {
    cJSON_AddNullToObject(object, "error_name");
  }
  cli_json_known(object, "core", state->error_core, is_known);
  cli_json_known(object, "word", state->error_op, is_known);
  cli_json_known(object, "address", (double)state->error_address, is_known);
  cli_json_known(object, "cycle", (double)state->cycles, is_known);
}

static bool print_json(const struct cli_options *options, const struct trine_dump *dump,
                       const struct trine_replay *replay, struct trine_error *error) {
  const struct trine_dump_head *head = &dump->head;
  cJSON *object = cJSON_CreateObject();
  cJSON_AddStringToObject(object, "dump", options->jobs[0].model);
  cJSON_AddStringToObject(object, "config", trine_config_of(head->config_hash)->name);
  cJSON_AddStringToObject(object, "device", head->device);
  cJSON_AddStringToObject(object, "failure", failure_names[head->failure]);
  cJSON_AddNumberToObject(object, "slot", head->slot);
  cJSON_AddNumberToObject(object, "starts", head->starts);
  cJSON_AddNumberToObject(object, "left_out", head->left_out);
  cJSON_AddStringToObject(object, "sentence", head->sentence);
  add_state(cJSON_AddObjectToObject(object, "recorded"), &head->state, head->has_state != 0);
  add_state(cJSON_AddObjectToObject(object, "replayed"), &replay->state, replay->has_state);
  cJSON_AddBoolToObject(object, "same", replay->is_same);
  cJSON_AddStringToObject(object, "text", replay->text);
  if (replay->why[0] != '\0') {
    cJSON_AddStringToObject(object, "why", replay->why);
  } else {
    cJSON_AddNullToObject(object, "why");
  }
  cli_json_known(object, "put_back", (double)replay->put_back, replay->is_put_back);
  cli_json_known(object, "wave_start", (double)replay->wave_start, options->wave != NULL);
  cli_json_known(object, "wave_end", (double)replay->wave_end, options->wave != NULL);
  return cli_print_json(object, error);
}

enum cli_exit cli_replay(const struct cli_options *options, struct trine_error *error) {
  const struct cli_target targets[] = {{"--wave", options->wave}};
  const char *read[] = {options->jobs[0].model};
  const struct trine_replay_options wanted = {.wave = options->wave,
                                              .wave_cycles = options->wave_cycles};
  struct trine_dump dump = {.records = NULL};
  struct trine_replay replay;
  bool good = cli_check_targets(targets, 1, read, 1, error) &&
              trine_dump_read(options->jobs[0].model, &dump, error) == TRINE_OK &&
              trine_replay_run(&dump, &wanted, &replay, error) == TRINE_OK;
  if (good && options->json) {
    good = print_json(options, &dump, &replay, error);
  } else if (good) {
    print_text(options, &dump, &replay);
  }
  if (good && !replay.is_same) {
    trine_error_set(error, "%.100s is not replayed to the same failure: %.300s.",
                    options->jobs[0].model, replay.text);
    good = false;
  }
  trine_dump_free(&dump);
  return good ? CLI_DONE : CLI_FAILED;
}
