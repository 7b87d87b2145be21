/* SPDX-License-Identifier: Apache-2.0 */
/* find_model: a model of a committed set that has what a test needs, so that the set may be drawn
 * again. */
#ifndef TRINE_FIND_MODEL_H
#define TRINE_FIND_MODEL_H

#include <stdbool.h>

#include "model/model.h"

/* The first of FOLDER/00000.tflite, FOLDER/00001.tflite, ... that fits. The test fails when one
 * cannot be read, as the one behind the last cannot. To be freed by the caller. */
struct trine_model *find_model(const char *folder, bool (*fits)(const struct trine_model *model));

#endif
