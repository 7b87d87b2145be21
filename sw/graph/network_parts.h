/* SPDX-License-Identifier: Apache-2.0 */
/* network_parts: what the two files that make a network share. Private to network*.c. */
#ifndef TRINE_GRAPH_NETWORK_PARTS_H
#define TRINE_GRAPH_NETWORK_PARTS_H

#include "graph/network.h"

/* A new value, and a node that makes it of one; ROLL_NONE or NULL with the error set where there is
 * no room, and NULL where there is no output. */
uint32_t network_add_value(struct network_making *making, const char *name, bool has_time,
                           uint32_t width) __attribute__((warn_unused_result));
struct trine_float_node *network_add_node(struct network_making *making, enum trine_float_op op,
                                          const char *name, uint32_t input, uint32_t output)
    __attribute__((warn_unused_result));

/* The value of a series, made where it is not there yet; ROLL_NONE with the error set. */
uint32_t network_value_of(struct network_making *making, uint32_t series, enum network_when when)
    __attribute__((warn_unused_result));

/* Parts side by side, all steps of them as one row where they are that; ROLL_NONE with the error
 * set. is_absolute: their times are steps of the graph, else they are at one step. */
uint32_t network_join(struct network_making *making, const struct roll_rows *rows,
                      enum network_when when, bool is_absolute, const char *name)
    __attribute__((warn_unused_result));
/* The row without steps that a value at each step is made of; made once. ROLL_NONE with the error
 * set. */
uint32_t network_repeat(struct network_making *making, uint32_t once)
    __attribute__((warn_unused_result));

/* Where rows are the same of each step: the mean of these over the steps; their first parts, as
 * many as each step has, are then what they are of the mean, but for the number of steps. Else
 * ROLL_NONE. False with the error set. */
bool network_mean(struct network_making *making, const struct roll_rows *rows, const char *name,
                  uint32_t *mean) __attribute__((warn_unused_result));

/* Columns of all parts together. */
uint32_t network_width_of(const struct roll *roll, const struct roll_rows *rows);

#endif
