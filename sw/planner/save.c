/* SPDX-License-Identifier: Apache-2.0 */
/* save: a SAVE, which its core does by itself: entries of the state are read and put into a beat,
 * which is asked for when it is full. */
#include "machine_internal.h"

void save_begin(struct core *core, uint32_t entries) {
  core->save.state = SAVE_READ;
  core->save.left = entries;
  core->save.fill = 0;
}

bool save_is_done(const struct save *save) {
  return save->state == SAVE_IDLE && save->open == 0;
}

void save_tick(const struct machine *machine, struct core *core, const struct front_out *out) {
  struct save *save = &core->save;
  const enum save_state was = save->state;
  switch (was) {
    case SAVE_READ:
      save->state = SAVE_WAIT;
      break;
    case SAVE_WAIT:
      save->state = SAVE_TAKE;
      break;
    case SAVE_TAKE:
      save->fill++;
      save->left--;
      save->state =
          save->fill == machine->info.mem_bytes / 4 || save->left == 0 ? SAVE_ASK : SAVE_READ;
      break;
    case SAVE_ASK:
      if (out->save_taken) {
        save->fill = 0;
        save->state = save->left == 0 ? SAVE_IDLE : SAVE_READ;
      }
      break;
    default:
      break;
  }
  save->open += out->save_taken;
  save->open -= out->save_done;
  core->changed = core->changed || was != save->state;
}
