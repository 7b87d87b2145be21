/* SPDX-License-Identifier: Apache-2.0 */
/* device: what `--device` names, opened, or only the description of a configuration (to ask whether
 * a model fits). */
#ifndef TRINE_CLI_DEVICE_H
#define TRINE_CLI_DEVICE_H

#include "io/error.h"
#include "options.h"
#include "session/connect.h"
#include "trine.h"

struct cli_device {
  enum trine_device_kind kind;
  const char *config;              /* name, or "device" for what is behind uart and mmio */
  struct trine_connection *opened; /* owned */
  struct trine *trine;             /* NULL for golden */
  struct trine_sim_backend *sim;   /* of sim only */
  struct trine_target described;   /* what a configuration has, where there is no device */
};

/* Opens the device of the options; to be given to cli_device_close also after a failure. */
bool cli_device_open(const struct cli_options *options, struct cli_device *device,
                     struct trine_error *error) __attribute__((warn_unused_result));

/* Sets a device that is none but the parameters of a configuration: what would run there can be
 * asked, nothing can be run. */
bool cli_device_describe(const struct trine_config_row *config, struct cli_device *device,
                         struct trine_error *error) __attribute__((warn_unused_result));

void cli_device_close(struct cli_device *device);

/* What compiler and planner have to know of the device, open or described. */
const struct trine_target *cli_device_target(struct cli_device *device);

/* Puts what the compiler or the planner said into the error. */
void cli_device_refused(enum trine_status status, const struct trine_error *said,
                        struct trine_error *error);

/* Puts what the driver and what is below it said about a failure into the error. */
void cli_device_error(const struct cli_device *device, enum trine_status status,
                      struct trine_error *error);

#endif
