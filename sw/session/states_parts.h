/* SPDX-License-Identifier: Apache-2.0 */
/* states_parts: what the files of session/states.h share. */
#ifndef TRINE_SESSION_STATES_PARTS_H
#define TRINE_SESSION_STATES_PARTS_H

#include "session/states.h"

/* Whether there are such states: as many LSTMs as they say, each with h and c. */
bool states_are_made(const struct trine_states *states);

/* States of no sequence that know the LSTMs of a model or of an image; none after an error. */
enum trine_status states_list_model(const struct trine_model *model, struct trine_states *states,
                                    struct trine_error *error);
enum trine_status states_list_image(const struct trine_image *image, struct trine_states *states,
                                    struct trine_error *error);

/* Gives listed states their sequences, none of which has begun. To be freed after an error too. */
enum trine_status states_fill(uint32_t sequences, struct trine_states *states,
                              struct trine_error *error);

#endif
