/* SPDX-License-Identifier: Apache-2.0 */
/* inspect_float: what an .onnx, or a .tflite of floats, is read as, node by node, see
 * inspect_float.h. */
#include "inspect_float.h"

#include <cjson/cJSON.h>
#include <string.h>

#include "float/float_run.h"
#include "io/text.h"
#include "print.h"
#include "quantize/float_file.h"

enum { NAME_BYTES = 40 }; /* of a name in the listing */

/* Products of a step, and numbers that were trained. */
static uint64_t macs_of(const struct trine_float_node *node) {
  const uint64_t units = node->cell.units;
  if (node->op == TRINE_FLOAT_LSTM) {
    return TRINE_GATES * units * (node->cell.inputs + units);
  }
  if (node->op == TRINE_FLOAT_DENSE) {
    return (uint64_t)node->matrix.units * node->matrix.inputs;
  }
  return 0;
}

static uint64_t weights_of(const struct trine_float_node *node) {
  const uint64_t table = (uint64_t)node->matrix.units * node->matrix.inputs;
  if (node->op == TRINE_FLOAT_LSTM) {
    return macs_of(node) + TRINE_GATES * (uint64_t)node->cell.units;
  }
  if (node->op == TRINE_FLOAT_DENSE) {
    return table + node->matrix.units;
  }
  return table;
}

static const char *layout_of(const struct trine_float_network *network,
                             const struct trine_float_value *value) {
  if (!value->has_time) {
    return "no time";
  }
  if (value->steps > 0) {
    return "steps of its own";
  }
  if (network->time_major) {
    return "[T,B,I]";
  }
  return "[B,T,I]";
}

/* Whether rows of a table are looked up by these. */
static bool are_symbols(const struct trine_float_network *network, uint32_t at) {
  for (uint32_t n = 0; n < network->node_count; n++) {
    if (network->nodes[n].op == TRINE_FLOAT_EMBEDDING && network->nodes[n].inputs[0] == at) {
      return true;
    }
  }
  return false;
}

/* Input n as a file has it whose layers were put together again. */
static const char *input_layout(const struct trine_float_file *model, uint32_t n) {
  const struct trine_float_value *value = &model->network->values[model->network->inputs[n]];
  if (model->reroll != NULL && trine_reroll_input(model->reroll, n).is_turned) {
    return "[B,I,T]";
  }
  if (model->reroll != NULL && trine_reroll_input(model->reroll, n).is_flat) {
    return "[B,T]";
  }
  return layout_of(model->network, value);
}

static void print_end(const struct trine_float_network *network, const char *what, uint32_t at,
                      const char *layout) {
  const struct trine_float_value *value = &network->values[at];
  char name[TRINE_TEXT_ROOM];
  cli_print("  %-7s %-24s ", what, trine_text_of(name, NAME_BYTES, value->name));
  if (are_symbols(network, at)) {
    cli_print("symbols, %s\n", network->time_major ? "[T,B]" : "[B,T]");
  } else {
    cli_print("width %u, %s\n", value->width, layout);
  }
}

static void print_node(const struct trine_float_network *network,
                       const struct trine_float_node *node) {
  const uint32_t from = network->values[node->inputs[0]].width;
  const uint32_t to = network->values[node->output].width;
  char name[TRINE_TEXT_ROOM];
  cli_print("  %-7s %-24s ", trine_float_op_name(node->op),
            trine_text_of(name, NAME_BYTES, node->name));
  if (node->op == TRINE_FLOAT_CONCAT) {
    cli_print("%u rows side by side, width %u", node->input_count, to);
  } else if (node->op == TRINE_FLOAT_EMBEDDING) {
    cli_print("%u symbols, width %u", node->matrix.units, to);
  } else {
    cli_print("%u-%u%s", from, to,
              node->op == TRINE_FLOAT_LSTM && node->cell.reversed ? " backward" : "");
  }
  if (weights_of(node) > 0) {
    cli_print(", %llu weights", (unsigned long long)weights_of(node));
  }
  if (macs_of(node) > 0) {
    cli_print(", %llu MACs%s", (unsigned long long)macs_of(node),
              network->values[node->output].has_time ? " a step" : "");
  }
  if (node->op == TRINE_FLOAT_LSTM && node->cell.h_in != NULL) {
    cli_print(", state from %s", trine_text_of(name, NAME_BYTES, node->cell.h_in));
  }
  cli_print("\n");
}

static void print_text(const char *path, const struct trine_float_file *model) {
  const struct trine_float_network *network = model->network;
  uint64_t weights = 0;
  cli_print("%s: trained, single precision\n", path);
  for (uint32_t n = 0; n < network->input_count; n++) {
    print_end(network, "input", network->inputs[n], input_layout(model, n));
  }
  for (uint32_t n = 0; n < network->node_count; n++) {
    print_node(network, &network->nodes[n]);
    weights += weights_of(&network->nodes[n]);
  }
  for (uint32_t n = 0; n < network->output_count; n++) {
    const uint32_t at = network->outputs[n];
    print_end(network, "output", at, layout_of(network, &network->values[at]));
  }
  for (uint32_t n = 0; trine_float_file_note(model, n) != NULL; n++) {
    cli_print("  note: %s\n", trine_float_file_note(model, n));
  }
  cli_print("  together %llu weights; trine quantize makes an int8 .tflite of it\n",
            (unsigned long long)weights);
}

/* The whole name; cJSON escapes some controls, a terminal obeys more. */
static void add_name(cJSON *entry, const char *name) {
  cJSON *text = cJSON_AddStringToObject(entry, "name", name);
  if (text != NULL) {
    trine_text_clean(text->valuestring);
  }
}

static void fill_end(cJSON *entry, const struct trine_float_network *network, uint32_t at) {
  add_name(entry, network->values[at].name);
  cJSON_AddNumberToObject(entry, "width", network->values[at].width);
  cJSON_AddBoolToObject(entry, "symbols", are_symbols(network, at));
  cJSON_AddBoolToObject(entry, "has_time", network->values[at].has_time);
  cJSON_AddBoolToObject(entry, "time_major", network->time_major);
}

static void add_ends(cJSON *object, const char *what, const struct trine_float_network *network,
                     const uint32_t *ends, uint32_t count) {
  cJSON *list = cJSON_AddArrayToObject(object, what);
  for (uint32_t n = 0; n < count; n++) {
    cJSON *entry = cJSON_CreateObject();
    cJSON_AddItemToArray(list, entry);
    fill_end(entry, network, ends[n]);
  }
}

static bool print_json(const char *path, const struct trine_float_file *model,
                       struct trine_error *error) {
  const struct trine_float_network *network = model->network;
  cJSON *object = cJSON_CreateObject();
  cJSON_AddStringToObject(object, "model", path);
  fill_end(cJSON_AddObjectToObject(object, "input"), network, network->inputs[0]);
  fill_end(cJSON_AddObjectToObject(object, "output"), network, network->outputs[0]);
  add_ends(object, "inputs", network, network->inputs, network->input_count);
  add_ends(object, "outputs", network, network->outputs, network->output_count);
  cJSON *nodes = cJSON_AddArrayToObject(object, "nodes");
  for (uint32_t n = 0; n < network->node_count; n++) {
    const struct trine_float_node *node = &network->nodes[n];
    cJSON *entry = cJSON_CreateObject();
    cJSON_AddItemToArray(nodes, entry);
    add_name(entry, node->name);
    cJSON_AddStringToObject(entry, "kind", trine_float_op_name(node->op));
    cJSON_AddBoolToObject(entry, "reversed", node->cell.reversed);
    cJSON_AddNumberToObject(entry, "inputs", network->values[node->inputs[0]].width);
    cJSON_AddNumberToObject(entry, "units", network->values[node->output].width);
    cJSON_AddNumberToObject(entry, "weights", (double)weights_of(node));
    cJSON_AddNumberToObject(entry, "macs", (double)macs_of(node));
  }
  cJSON *notes = cJSON_AddArrayToObject(object, "notes");
  for (uint32_t n = 0; trine_float_file_note(model, n) != NULL; n++) {
    cJSON_AddItemToArray(notes, cJSON_CreateString(trine_float_file_note(model, n)));
  }
  return cli_print_json(object, error);
}

static enum cli_exit print(const struct cli_options *options, const struct trine_float_file *model,
                           struct trine_error *error) {
  const char *path = options->jobs[0].model;
  if (options->json) {
    return print_json(path, model, error) ? CLI_DONE : CLI_FAILED;
  }
  print_text(path, model);
  return CLI_DONE;
}

enum cli_exit cli_inspect_float(const struct cli_options *options, struct trine_error *error) {
  struct trine_float_file model;
  const struct trine_float_source source = cli_float_source(options);
  const enum cli_exit exit = trine_float_file_load(&source, &model, error) == TRINE_OK
                                 ? print(options, &model, error)
                                 : CLI_FAILED;
  trine_float_file_free(&model);
  return exit;
}

enum cli_exit cli_inspect_float_tflite(const struct cli_options *options,
                                       struct trine_error *error) {
  struct trine_float_file model = {.onnx = NULL};
  struct trine_error why = {""};
  enum cli_exit exit = CLI_FAILED;
  const struct trine_float_source source = cli_float_source(options);
  const enum trine_status status = trine_float_file_load(&source, &model, &why);
  if (status == TRINE_OK) {
    exit = print(options, &model, error);
  } else if (status == TRINE_ERR_UNSUPPORTED) {
    *error = why;
  }
  trine_float_file_free(&model);
  return exit;
}
