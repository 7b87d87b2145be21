/* SPDX-License-Identifier: Apache-2.0 */
/* place: a placement as it is written on the command line.
 *
 *     0+1,2,0:32+3:16     the first layer on cores 0 and 1 in slices as equal as can be, the second
 *                         on core 2, the third with 32 units on core 0 and 16 on core 3
 *
 * Layers are those of the model in the file's order, cores are counted from the first of the job.
 */
#ifndef TRINE_CLI_PLACE_H
#define TRINE_CLI_PLACE_H

#include "device.h"
#include "work.h"

/* Sets the placement of every network of the work from the text, and the work's cores and mode,
 * which is what the placement is: single, helper, multithreading, or hybrid for all else. False
 * with the error naming the layer, the limit and the value. */
bool cli_place(struct cli_device *device, const char *text, struct cli_work *work,
               struct trine_error *error) __attribute__((warn_unused_result));

#endif
