/* SPDX-License-Identifier: Apache-2.0 */
/* device: what `--device` and the options beside it say, opened. */
#ifndef TRINE_CLI_DEVICE_H
#define TRINE_CLI_DEVICE_H

#include "options.h"
#include "session/connect.h"
#include "trine.h"

struct cli_device {
  enum trine_device_kind kind;
  const char *config; /* name, or "device" for what is behind uart and mmio */
  struct trine_connection *connection;
  struct trine *trine; /* NULL for golden */
};

/* Opens the device of the options; to be given to cli_device_close also after a failure. */
bool cli_device_open(const struct cli_options *options, struct cli_device *device,
                     struct trine_error *error) __attribute__((warn_unused_result));

/* After a failure: writes the dump that the options ask for, where the device has failed, and says
 * in the error where it is, or how there would be one. */
void cli_device_dump(const struct cli_options *options, const struct cli_device *device,
                     struct trine_error *error);

void cli_device_close(struct cli_device *device);

#endif
