/* SPDX-License-Identifier: Apache-2.0 */
/* model_plan_parts: what the files of session/model_plan.h share. */
#ifndef TRINE_SESSION_MODEL_PLAN_PARTS_H
#define TRINE_SESSION_MODEL_PLAN_PARTS_H

#include "session/model_plan.h"

/* Puts what compiler or planner said into the error: their sentence, or that of the status. */
enum trine_status model_plan_refused(enum trine_status status, const struct trine_error *said,
                                     struct trine_error *error);

/* Sets the placements, mode and cores of a plan from the text (trine_model_plan_options). Errors:
 * ARG, with the layer, the limit and the value. */
enum trine_status model_plan_read(const struct trine_target *target, const char *text,
                                  struct trine_model_plan *plan,
                                  struct trine_error *error) TRINE_CHECK_RESULT;

#endif
