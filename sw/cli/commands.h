/* SPDX-License-Identifier: Apache-2.0 */
/* commands: one function a command of `trine`. Each takes the parsed options and returns what the
 * program exits with; a failure is one sentence in the error. */
#ifndef TRINE_CLI_COMMANDS_H
#define TRINE_CLI_COMMANDS_H

#include "options.h"

enum cli_exit cli_run(const struct cli_options *options, struct trine_error *error);
enum cli_exit cli_inspect(const struct cli_options *options, struct trine_error *error);
enum cli_exit cli_compile(const struct cli_options *options, struct trine_error *error);
enum cli_exit cli_plan_command(const struct cli_options *options, struct trine_error *error);
enum cli_exit cli_info(const struct cli_options *options, struct trine_error *error);
enum cli_exit cli_selftest(const struct cli_options *options, struct trine_error *error);
enum cli_exit cli_diff(const struct cli_options *options, struct trine_error *error);
enum cli_exit cli_quantize(const struct cli_options *options, struct trine_error *error);
enum cli_exit cli_make(const struct cli_options *options, struct trine_error *error);
enum cli_exit cli_replay(const struct cli_options *options, struct trine_error *error);
enum cli_exit cli_state(const struct cli_options *options, struct trine_error *error);

#endif
