/* SPDX-License-Identifier: Apache-2.0 */
/* connect: names of devices, and the drivers behind them; see connect.h. */
#include "session/connect.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "session/config.h"
#include "session/device_bus.h"
#include "sim/sim_backend.h"

/* How long a program that is told to stop may take: it is at most in the middle of a burst. */
enum { STOP_MS = 1000 };

struct trine_connection {
  char config[TRINE_CONFIG_BYTES];
  struct trine *trine;           /* NULL of golden */
  struct trine_sim_backend *sim; /* of sim only */
  struct device_bus bus;         /* of uart and mmio */
};

const char *trine_device_kind_name(enum trine_device_kind kind) {
  static const char *const names[] = {"sim", "golden", "uart", "mmio"};
  return (unsigned)kind < sizeof names / sizeof names[0] ? names[kind] : "none";
}

enum trine_status trine_device_name_parse(const char *text, struct trine_device_name *name,
                                          struct trine_error *error) {
  const char *colon = text != NULL ? strchr(text, ':') : NULL;
  const char *rest = colon != NULL && colon[1] != '\0' ? colon + 1 : NULL;
  *name = (struct trine_device_name){.kind = TRINE_DEVICE_SIM};
  for (int kind = TRINE_DEVICE_SIM; text != NULL && kind <= TRINE_DEVICE_MMIO; kind++) {
    const char *word = trine_device_kind_name((enum trine_device_kind)kind);
    const bool has_path = kind == TRINE_DEVICE_UART || kind == TRINE_DEVICE_MMIO;
    const bool is_alone = strcmp(text, word) == 0 && !has_path;
    const bool is_headed = rest != NULL && kind != TRINE_DEVICE_GOLDEN &&
                           (size_t)(colon - text) == strlen(word) &&
                           memcmp(text, word, strlen(word)) == 0;
    if (is_alone || is_headed) {
      name->kind = (enum trine_device_kind)kind;
      name->path = has_path ? rest : NULL;
      name->config = is_headed && !has_path ? rest : NULL;
      return name->config == NULL || trine_config_find(name->config, error) != NULL ? TRINE_OK
                                                                                    : TRINE_ERR_ARG;
    }
  }
  trine_error_set(error,
                  "There is no device '%.60s'; there are sim, sim:CONFIG, golden, uart:PATH and "
                  "mmio:PATH.",
                  text != NULL ? text : "");
  return TRINE_ERR_ARG;
}

static enum trine_status open_trine(struct trine_connection *connection,
                                    const struct trine_bus *bus, uint64_t memory_base,
                                    uint64_t memory_bytes, bool stop_strays,
                                    struct trine_error *error) {
  connection->trine = malloc(trine_sizeof());
  if (connection->trine == NULL) {
    trine_error_set(error, "There is no memory for the device.");
    return TRINE_ERR_MEMORY;
  }
  enum trine_status status =
      trine_open(connection->trine, bus, memory_base, memory_bytes, connection->config);
  if (status == TRINE_OK && stop_strays) {
    status = trine_stop_strays(connection->trine, STOP_MS);
  }
  if (status != TRINE_OK) {
    trine_connection_explain(connection, status, error);
  }
  return status;
}

static enum trine_status open_sim(struct trine_connection *connection, const char *config,
                                  const struct trine_connect_options *options,
                                  struct trine_error *error) {
  const struct trine_sim_options memory = trine_sim_defaults();
  enum trine_status status = trine_sim_backend_open(config, &memory, &connection->sim, error);
  if (status != TRINE_OK) {
    return status;
  }
  if (options->wave != NULL) {
    const struct trine_sim_ops *ops = trine_sim_backend_ops(connection->sim);
    struct trine_sim *sim = trine_sim_backend_sim(connection->sim);
    status = ops->trace(sim, options->wave, options->wave_start, options->wave_cycles);
    if (status != TRINE_OK) {
      trine_error_set(error, "%s", ops->error(sim));
      return status;
    }
  }
  const struct trine_bus bus = trine_sim_backend_bus(connection->sim);
  return open_trine(connection, &bus, 0, memory.memory_bytes, options->stop_strays, error);
}

enum trine_status trine_connect(const struct trine_device_name *name,
                                const struct trine_connect_options *options,
                                struct trine_connection **connection, struct trine_error *error) {
  static const struct trine_connect_options none = {.baud = 0};
  if (options == NULL) {
    options = &none;
  }
  struct trine_connection *made = calloc(1, sizeof *made);
  enum trine_status status = TRINE_OK;
  *connection = NULL;
  if (made == NULL) {
    trine_error_set(error, "There is no memory for the device.");
    return TRINE_ERR_MEMORY;
  }
  const char *config = name->config != NULL ? name->config : TRINE_CONFIG_DEFAULT;
  const bool is_sim = name->kind == TRINE_DEVICE_SIM;
  const bool is_golden = name->kind == TRINE_DEVICE_GOLDEN;
  const char *unnamed = is_golden ? "golden" : "device";
  (void)snprintf(made->config, sizeof made->config, "%s", is_sim ? config : unnamed);
  if (is_sim) {
    status = open_sim(made, config, options, error);
  } else if (!is_golden) {
    status = device_bus_open(name, options->baud, &made->bus, error);
    if (status == TRINE_OK) {
      status = open_trine(made, &made->bus.bus, made->bus.memory_base, made->bus.memory_bytes,
                          options->stop_strays, error);
    }
  }
  if (status == TRINE_OK) {
    *connection = made;
  } else {
    trine_disconnect(made);
  }
  return status;
}

void trine_disconnect(struct trine_connection *connection) {
  if (connection == NULL) {
    return;
  }
  free(connection->trine);
  trine_sim_backend_close(connection->sim);
  device_bus_close(&connection->bus);
  free(connection);
}

struct trine *trine_connection_device(const struct trine_connection *connection) {
  return connection != NULL ? connection->trine : NULL;
}

const char *trine_connection_config(const struct trine_connection *connection) {
  return connection != NULL ? connection->config : "none";
}

struct trine_sim_backend *trine_connection_sim(const struct trine_connection *connection) {
  return connection != NULL ? connection->sim : NULL;
}

void trine_connection_explain(const struct trine_connection *connection, enum trine_status status,
                              struct trine_error *error) {
  trine_sim_backend_explain(trine_connection_sim(connection), trine_connection_device(connection),
                            status, error);
}
