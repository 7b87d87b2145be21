/* SPDX-License-Identifier: Apache-2.0 */
/* connect: names of devices, and the drivers behind them; see connect.h. */
#include "session/connect.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dump/recorder.h"
#include "session/config.h"
#include "session/device_bus.h"
#include "sim/sim_backend.h"

/* How long a program that is told to stop may take: it is at most in the middle of a burst. */
enum { STOP_MS = 1000 };

struct trine_connection {
  char config[TRINE_CONFIG_BYTES];
  struct trine *trine;             /* NULL of golden */
  struct trine_sim_backend *sim;   /* of sim only */
  struct device_bus bus;           /* of uart and mmio */
  struct trine_recorder *recorder; /* NULL: what passes is not written down */
  enum trine_device_kind kind;
  uint64_t memory_base, memory_bytes;
  enum trine_status said; /* of the last call that was explained */
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

/* Opens the driver on a bus, through a recorder where that is asked for. */
static enum trine_status open_trine(struct trine_connection *connection,
                                    const struct trine_bus *device,
                                    const struct trine_connect_options *options,
                                    struct trine_error *error) {
  struct trine_bus bus = *device;
  connection->trine = malloc(trine_sizeof());
  if (connection->trine == NULL) {
    trine_error_set(error, "There is no memory for the device.");
    return TRINE_ERR_MEMORY;
  }
  if (options->is_recorded) {
    const enum trine_status opened =
        trine_recorder_open(device, options->record_bytes, &connection->recorder, error);
    if (opened != TRINE_OK) {
      free(connection->trine);
      connection->trine = NULL;
      return opened;
    }
    bus = trine_recorder_bus(connection->recorder);
  }
  enum trine_status status = trine_open(connection->trine, &bus, connection->memory_base,
                                        connection->memory_bytes, connection->config);
  if (status == TRINE_OK && options->stop_strays) {
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
  connection->memory_bytes = memory.memory_bytes;
  return open_trine(connection, &bus, options, error);
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
  made->kind = name->kind;
  if (is_sim) {
    status = open_sim(made, config, options, error);
  } else if (!is_golden) {
    status = device_bus_open(name, options->baud, &made->bus, error);
    if (status == TRINE_OK) {
      made->memory_base = made->bus.memory_base;
      made->memory_bytes = made->bus.memory_bytes;
      status = open_trine(made, &made->bus.bus, options, error);
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
  trine_recorder_close(connection->recorder);
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

void trine_connection_explain(struct trine_connection *connection, enum trine_status status,
                              struct trine_error *error) {
  connection->said = status;
  trine_sim_backend_explain(trine_connection_sim(connection), trine_connection_device(connection),
                            status, error);
}

bool trine_connection_has_failed(const struct trine_connection *connection) {
  return connection != NULL &&
         (connection->said == TRINE_ERR_DEVICE || connection->said == TRINE_ERR_TIMEOUT ||
          connection->said == TRINE_ERR_BUS);
}

enum trine_status trine_connection_dump(const struct trine_connection *connection,
                                        const char *sentence, const char *path,
                                        struct trine_error *error) {
  if (connection == NULL || path == NULL || connection->recorder == NULL) {
    trine_error_set(
        error, "%.120s is not written: a dump needs a device that was opened with is_recorded.",
        path != NULL ? path : "The dump");
    return TRINE_ERR_ARG;
  }
  const struct trine_info *info = trine_get_info(connection->trine);
  if (info == NULL) {
    trine_error_set(error, "%.120s is not written: a dump needs a device that is open.", path);
    return TRINE_ERR_ARG;
  }
  const struct trine_config_row *config = trine_config_of(info->config_hash);
  struct trine_dump_head origin = {.config_hash = info->config_hash,
                                   .device_version = info->version,
                                   .cores = info->cores,
                                   .memory_base = connection->memory_base,
                                   .memory_bytes = connection->memory_bytes};
  (void)snprintf(origin.config, sizeof origin.config, "%s", config != NULL ? config->name : "");
  (void)snprintf(origin.device, sizeof origin.device, "%s",
                 trine_device_kind_name(connection->kind));
  (void)snprintf(origin.sentence, sizeof origin.sentence, "%s", sentence != NULL ? sentence : "");
  return trine_recorder_save(connection->recorder, &origin, path, error);
}
