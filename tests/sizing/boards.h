/* SPDX-License-Identifier: Apache-2.0 */
/* boards: for each board with an ECP5 the shapes that fit it, in microseconds. */
#ifndef TRINE_SIZING_BOARDS_H
#define TRINE_SIZING_BOARDS_H

#include "area.h"

/* For each row of fpga/boards.txt with a clock, and each network that its buffers hold: the
 * quickest shape that fits, the one with the fewest cells that takes at most 2 % longer, and the
 * row's own configuration; cells by the model, time at the row's clock. `folder`: of the models. */
bool sizing_table_boards(FILE *out, const char *boards, const struct sizing_area_model *model,
                         const char *folder, struct trine_error *error)
    __attribute__((warn_unused_result));

#endif
