/* SPDX-License-Identifier: Apache-2.0 */
/* sets: small configurations as `trine plan --set` makes them of nano, the first that of the
 * documents, the others drawn.
 *
 *   sets COUNT          NAME BASE CHANGES, a line each
 *   sets COUNT table    the same as a table like rtl/configs.txt, to build their chips from
 *
 * What a rule of rtl/config_rules.txt refuses is drawn again. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "session/config.h"
#include "support/seed.h"
#include "trine_config_rules.h"

#define BASE "nano"

enum { TEXT_BYTES = 400, TRIES = 10000 };

/* The values of a field: multiples of step from least to most, doubling when step is 0. */
static const struct range {
  const char *name;
  uint32_t least, most, step;
} ranges[] = {
    {"Cores", 1, 3, 1},          {"Contexts", 1, 8, 1},         {"Lanes", 4, 16, 4},
    {"MacsPerLane", 1, 4, 0},    {"TailRows", 1, 4, 0},         {"BusBytes", 4, 8, 0},
    {"XSlots", 2, 4, 0},         {"QueueWords", 4, 32, 0},      {"WeightBytes", 12288, 49152, 4096},
    {"ParamRows", 256, 4096, 0}, {"RingBytes", 1024, 8192, 0},  {"StateUnits", 128, 1024, 0},
    {"PreUnits", 64, 512, 0},    {"WriterBytes", 128, 1024, 0}, {"TableEntries", 16, 256, 0},
    {"MaxInputs", 50, 300, 7},   {"MaxUnits", 50, 200, 7},      {"MemBytes", 4, 16, 0},
};

static uint32_t draw_value(struct seed_stream *stream, const struct range *range) {
  uint32_t count = 0;
  for (uint32_t v = range->least; v <= range->most;
       v = range->step == 0 ? 2 * v : v + range->step) {
    count++;
  }
  const uint32_t nth = (uint32_t)seed_uniform(stream, 0, (int64_t)count - 1);
  return range->step == 0 ? range->least << nth : range->least + nth * range->step;
}

/* Changes of about half of the fields, which may break a rule. */
static void draw_text(struct seed_stream *stream, char text[TEXT_BYTES]) {
  size_t at = 0;
  text[0] = '\0';
  for (size_t n = 0; n < sizeof ranges / sizeof ranges[0]; n++) {
    const uint32_t value = draw_value(stream, &ranges[n]);
    if (seed_uniform(stream, 0, 1) == 1) {
      at += (size_t)snprintf(text + at, TEXT_BYTES - at, "%s%s=%" PRIu32, at == 0 ? "" : ",",
                             ranges[n].name, value);
    }
  }
}

static bool make(uint32_t number, char text[TEXT_BYTES], struct trine_config_row *made) {
  static char name[TRINE_CONFIG_MADE_NAME];
  char stream_name[32];
  const struct trine_config_row *base = trine_config_find(BASE, NULL);
  (void)snprintf(stream_name, sizeof stream_name, "plan-set-%" PRIu32, number);
  struct seed_stream stream = seed_start(stream_name);
  (void)snprintf(text, TEXT_BYTES, "%s", "Cores=4,Lanes=16");
  for (uint32_t n = 0; n < TRIES; n++) {
    if (number > 0) {
      draw_text(&stream, text);
    }
    if (trine_config_change(base, text, name, made, NULL) == TRINE_OK) {
      return true;
    }
  }
  return false;
}

static void print_header(void) {
  printf("name");
  for (size_t n = 0; n < TRINE_CONFIG_FIELDS; n++) {
    printf(" %s", trine_config_fields[n].name);
  }
  printf("\n");
}

static void print_row(uint32_t number, const struct trine_config_row *made) {
  printf("set-%" PRIu32, number);
  for (size_t n = 0; n < TRINE_CONFIG_FIELDS; n++) {
    uint32_t value;
    memcpy(&value, (const char *)made + trine_config_fields[n].offset, sizeof value);
    printf(" %" PRIu32, value);
  }
  printf("\n");
}

int main(int argc, char **argv) {
  const uint32_t count = argc > 1 ? (uint32_t)strtoul(argv[1], NULL, 10) : 0;
  const bool is_table = argc > 2;
  if (is_table) {
    print_header();
  }
  for (uint32_t n = 0; n < count; n++) {
    char text[TEXT_BYTES];
    struct trine_config_row made;
    if (!make(n, text, &made)) {
      (void)fprintf(stderr, "no set of %d obeys the rules\n", TRIES);
      return 1;
    }
    if (is_table) {
      print_row(n, &made);
    } else {
      printf("set-%" PRIu32 " " BASE " %s\n", n, text);
    }
  }
  return 0;
}
