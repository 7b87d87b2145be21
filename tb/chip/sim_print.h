/* SPDX-License-Identifier: Apache-2.0 */
/* sim_print: where Verilator's run-time library sends its text, included before every file of the
 * model: into the running model's error sentence, never to the program's standard output. */
#ifndef TRINE_SIM_PRINT_H
#define TRINE_SIM_PRINT_H

void trine_sim_print(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
