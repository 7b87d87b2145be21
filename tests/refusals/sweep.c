/* SPDX-License-Identifier: Apache-2.0 */
/* sweep: the command under hundreds of bad command lines; each must end well.
 *
 *   sweep TRINE FOLDER COUNT [SAID]
 *
 * FOLDER is that of files.sh. Takes good command lines of every command and puts bad values, wrong
 * files, missing, doubled and foreign options into them. Each run has to end within LIMIT_S seconds
 * by itself, with 0 and nothing on standard error, or with 1 or 2, nothing on standard output and
 * one line on standard error: printable, not too long, and naming something that was given. An old
 * output stays as it was; no sanitizer speaks. Exit 1 at the first LIMIT_FAULTS that do not. */
#define _XOPEN_SOURCE 700 /* realpath */
#include <ctype.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "io/text.h"
#include "run.h"
#include "support/seed.h"

enum { MOST_WORDS = 24, WORD_BYTES = 512, LIMIT_S = 20, LIMIT_FAULTS = 10, MOST_LINE = 420 };

struct line {
  char words[MOST_WORDS][WORD_BYTES];
  int count;
  bool changed[MOST_WORDS];
};

static const char *const good_lines[] = {
    "run $M/vad.tflite --input $W/x.npy --device golden --output $W/old",
    "run $M/vad.tflite --input $W/x.npy --device golden --lengths $W/length_two.npy --json",
    "run $M/vowels.tflite --input $W/three.npy --device golden --state-in $W/states3.npz",
    "run $M/vowels.tflite --input $W/one.npy --device golden --mode single --cores 1 --check",
    "run --job $M/vad.tflite:$W/x.npy: --job $M/vowels.tflite:$W/one.npy: --device golden",
    "run $M/vowels.tflite --input $W/one.npy --place 0,0,1 --device golden",
    "plan $M/vowels.tflite --steps 3 --batch 2 --config duo --cores 2",
    "plan $M/vad.tflite --lengths $W/length_two.npy --json",
    "plan $M/vowels.tflite --place 0,1,1",
    "inspect $M/vowels.tflite --config nano --json",
    "inspect $O/both_states.onnx --inputs t --outputs y4",
    "info --config quad --json",
    "state $M/vowels.tflite --from $W/states3.npz:1 --from new:2 --output $W/old",
    "quantize $O/symbols.onnx --calibrate $O/symbols_x.npy -o $W/old --per-row --steps 4",
    "quantize $O/lengths.onnx --calibrate $O/lengths_x.npy --lengths $O/lengths_len.npy -o $W/old",
    "quantize $O/symbols.onnx --calibrate $O/symbols_x.npy --labels $W/labels.npy -o $W/old",
    "diff $O/symbols.onnx $M/vad.tflite --input $O/symbols_x.npy",
    "diff $M/vad.tflite --device golden --against golden --input $W/x.npy",
    "selftest --config nano --json"};

/* What may stand where a value or a file is. */
static const char *const bad_words[] = {"",
                                        "-1",
                                        "0",
                                        "2x",
                                        "4294967296",
                                        "18446744073709551616",
                                        "99999999999999999999999999999999999",
                                        "0x10",
                                        "1e3",
                                        "NaN",
                                        "--json",
                                        "-",
                                        "--",
                                        ":",
                                        "::",
                                        ",",
                                        "0:0",
                                        "0:4294967296,0,0",
                                        "1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1",
                                        "new:99999999999",
                                        "new:-1",
                                        "uart:/dev/null",
                                        "mmio:/dev/null",
                                        "uart:",
                                        "/dev/null",
                                        "/",
                                        ".",
                                        "..",
                                        "%s%n%s",
                                        "a\033[31mred\a\n",
                                        "\302\233x",
                                        "$W/folder",
                                        "$W/old",
                                        "$W/nowhere",
                                        "$W/nowhere/deeper",
                                        "$W/old/under",
                                        "$W/unreadable.npy",
                                        "$W/empty.npy",
                                        "$W/cut.npy",
                                        "$W/float64.npy",
                                        "$W/int32.npy",
                                        "$W/big_endian.npy",
                                        "$W/fortran.npy",
                                        "$W/huge_header.npy",
                                        "$W/width.npy",
                                        "$W/rank.npy",
                                        "$W/none.npy",
                                        "$W/length_zero.npy",
                                        "$W/length_none.npy",
                                        "$W/empty.npz",
                                        "$W/zeros.npz",
                                        "$W/states3.npz",
                                        "$W/states3.npz:3",
                                        "$W/states3.npz:0,,1",
                                        "$W/cut.tflite",
                                        "$W/zeros.tflite",
                                        "$W/array.tflite",
                                        "$W/empty.onnx",
                                        "$W/cut.onnx",
                                        "$W/array.onnx",
                                        "$M/vad.tflite",
                                        "$M/vowels.tflite",
                                        "$O/symbols.onnx",
                                        "$O/time_first_x.npy",
                                        "$L"};

static const char *const options[] = {
    "--input",    "--output",  "--lengths", "--state-in", "--state-out", "--wave",
    "--cores",    "--config",  "--mode",    "--device",   "--job",       "--stop-strays",
    "--check",    "--json",    "--trace",   "--place",    "--steps",     "--batch",
    "--inputs",   "--outputs", "--from",    "--labels",   "--per-row",   "--wave-start",
    "-o",         "--against", "--fast",    "-x",         "--input=x",   "--wave-cycles",
    "--calibrate"};

/* Absolute: the commands run in a folder of their own, below `folder`, where a name that happens to
 * be a file to write does no harm. */
static char folder[WORD_BYTES], models[WORD_BYTES], graphs[WORD_BYTES];

/* $W, $M, $O, $L: the folder, models, graphs, a name that is too long for a file. */
static void expand(const char *word, char made[WORD_BYTES]) {
  const char *place;
  if (strncmp(word, "$W", 2) == 0) {
    place = folder;
  } else if (strncmp(word, "$M", 2) == 0) {
    place = models;
  } else {
    place = graphs;
  }
  if (strcmp(word, "$L") == 0) {
    memset(made, 'y', WORD_BYTES - 1);
    made[WORD_BYTES - 1] = '\0';
  } else if (word[0] == '$') {
    (void)snprintf(made, WORD_BYTES, "%.300s%.200s", place, word + 2);
  } else {
    (void)snprintf(made, WORD_BYTES, "%s", word);
  }
}

/* A word or its part behind a colon, as --job has it. */
static void add(struct line *line, const char *word) {
  if (line->count == MOST_WORDS) {
    return;
  }
  char *made = line->words[line->count];
  made[0] = '\0';
  line->changed[line->count] = false;
  for (const char *at = word; at != NULL;) {
    char part[WORD_BYTES], full[WORD_BYTES];
    const char *colon = at[0] == '$' ? strchr(at, ':') : NULL;
    const size_t length = colon == NULL ? strlen(at) : (size_t)(colon - at);
    (void)snprintf(part, sizeof part, "%.*s", (int)length, at);
    expand(part, full);
    const size_t have = strlen(made);
    (void)snprintf(made + have, WORD_BYTES - have, "%s%s", full, colon == NULL ? "" : ":");
    at = colon == NULL ? NULL : colon + 1;
  }
  line->count++;
}

static void take_good(struct line *line, const char *text) {
  char copy[WORD_BYTES];
  (void)snprintf(copy, sizeof copy, "%s", text);
  line->count = 0;
  for (char *word = strtok(copy, " "); word != NULL; word = strtok(NULL, " ")) {
    add(line, word);
  }
}

static const char *draw(struct seed_stream *stream, const char *const *words, size_t count) {
  return words[seed_uniform(stream, 0, (int64_t)count - 1)];
}
#define DRAW(stream, words) draw(stream, words, sizeof words / sizeof((words)[0]))

static void put(struct line *line, int at, const char *word) {
  struct line one = {.count = 0};
  add(&one, word);
  memcpy(line->words[at], one.words[0], WORD_BYTES);
  line->changed[at] = true;
}

/* Makes one or two changes. */
static void spoil(struct seed_stream *stream, struct line *line) {
  for (int64_t n = seed_uniform(stream, 1, 2); n > 0; n--) {
    const int at = (int)seed_uniform(stream, 1, line->count - 1);
    switch (seed_uniform(stream, 0, 6)) {
      case 0: /* a word is missing */
        memmove(line->words[at], line->words[at + 1],
                (size_t)(line->count - at - 1) * sizeof line->words[0]);
        line->count -= line->count > 2;
        break;
      case 1: /* an option too many, with a value or none */
        add(line, DRAW(stream, options));
        if (seed_uniform(stream, 0, 2) > 0) {
          add(line, DRAW(stream, bad_words));
        }
        break;
      case 2: /* an option twice */
        if (line->words[at][0] == '-' && at + 1 < line->count) {
          add(line, line->words[at]);
          add(line, DRAW(stream, bad_words));
        }
        break;
      default: /* a value, more often than the name of an option */
        put(line, line->words[at][0] == '-' && at + 1 < line->count ? at + 1 : at,
            DRAW(stream, bad_words));
        break;
    }
  }
}

/* --- What came --- */

static bool is_printable(const char *text) {
  for (; *text != '\0'; text++) {
    const bool c1 = (unsigned char)text[0] == 0xC2 && (unsigned char)text[1] < 0xA0;
    if (iscntrl((unsigned char)*text) || c1) {
      return false;
    }
  }
  return true;
}

/* Whether the sentence has an option, a command, or the beginning or end of a word given. */
static bool names_something(const struct line *line, const char *text) {
  for (int n = 0; n < line->count; n++) {
    char begin[TRINE_TEXT_ROOM];
    (void)trine_text_of(begin, strcspn(line->words[n] + 1, ":") + 1, line->words[n]);
    begin[24] = '\0'; /* long ones are cut in a sentence; of NAME:NUMBER the name is enough */
    if (begin[0] != '\0' && strstr(text, begin) != NULL) {
      return true;
    }
  }
  return strstr(text, "--") != NULL;
}

static const char *judge(const struct line *line, struct run_result *result) {
  if (result->signal != 0) {
    return result->signal == SIGALRM ? "it did not end in time" : "it was killed by a signal";
  }
  if (strstr(result->err, "Sanitizer") != NULL || strstr(result->err, "runtime error") != NULL) {
    return "a sanitizer spoke";
  }
  if (result->status == 0) {
    return result->err[0] == '\0' ? NULL : "something on standard error, though it succeeded";
  }
  if (result->status != 1 && result->status != 2) {
    return "its exit status is neither 0, 1 nor 2";
  }
  char *end = strchr(result->err, '\n');
  if (end == NULL || end[1] != '\0' || strncmp(result->err, "trine: ", 7) != 0) {
    return "not one line on standard error";
  }
  *end = '\0';
  const char *text = result->err + 7;
  if (result->out_bytes > 0) {
    return "something on standard output, though it failed";
  }
  if (!is_printable(text)) {
    return "a control character";
  }
  if (strlen(text) > MOST_LINE) {
    return "it is too long";
  }
  if (text[strlen(text) - 1] != '.' && strstr(text, ": trine ") == NULL &&
      strstr(text, ": make ") == NULL) {
    return "no full stop and no command at its end";
  }
  return names_something(line, text) ? NULL : "it names nothing that was given";
}

static void print_line(const struct line *line) {
  for (int n = 0; n < line->count; n++) {
    printf(" '");
    for (const char *at = line->words[n]; *at != '\0'; at++) {
      printf(iscntrl((unsigned char)*at) ? "\\%03o" : "%c", (unsigned char)*at);
    }
    printf("'");
  }
  printf("\n");
}

static bool old_stays(void) {
  char path[WORD_BYTES + 8], text[8] = "";
  (void)snprintf(path, sizeof path, "%s/old", folder);
  FILE *file = fopen(path, "r");
  const bool stays =
      file != NULL && fgets(text, sizeof text, file) != NULL && strcmp(text, "old\n") == 0;
  if (file != NULL) {
    (void)fclose(file);
  }
  file = stays ? NULL : fopen(path, "w");
  if (file != NULL) {
    (void)fputs("old\n", file);
    (void)fclose(file);
  }
  return stays;
}

/* Finds everything from the top folder, then works in a folder below that of the files. */
static bool enter(const char *program, const char *files, char trine[WORD_BYTES]) {
  char found[PATH_MAX];
  const char *from[] = {program, files, "tests/models", "tests/onnx/set"};
  char *to[] = {trine, folder, models, graphs};
  for (int n = 0; n < 4; n++) {
    if (realpath(from[n], found) == NULL || strlen(found) > 300U) {
      return false;
    }
    (void)snprintf(to[n], WORD_BYTES, "%.300s", found);
  }
  char here[WORD_BYTES + 8];
  (void)snprintf(here, sizeof here, "%s/here", folder);
  return (mkdir(here, 0777) == 0 || errno == EEXIST) && chdir(here) == 0;
}

int main(int argc, char **argv) {
  static struct line line;
  static struct run_result result;
  if (argc < 4) {
    (void)fprintf(stderr, "sweep TRINE FOLDER COUNT [SAID]\n");
    return 2;
  }
  (void)seed_print();
  struct seed_stream stream = seed_start("sweep");
  FILE *said = argc > 4 ? fopen(argv[4], "w") : NULL;
  char trine[WORD_BYTES];
  if (!enter(argv[1], argv[2], trine)) {
    perror("sweep");
    return 2;
  }
  int faults = 0, by_status[3] = {0}, count = 0;
  for (; count < atoi(argv[3]) && faults < LIMIT_FAULTS; count++) {
    take_good(&line, good_lines[count % (int)(sizeof good_lines / sizeof good_lines[0])]);
    if (count >= (int)(sizeof good_lines / sizeof good_lines[0])) {
      spoil(&stream, &line);
    }
    char *words[MOST_WORDS + 2] = {trine};
    for (int n = 0; n < line.count; n++) {
      words[n + 1] = line.words[n];
    }
    words[line.count + 1] = NULL;
    run_command(words, LIMIT_S, &result);
    const char *fault = judge(&line, &result);
    const bool stays = old_stays();
    if (fault == NULL && !stays && result.status != 0) {
      fault = "the old output is gone";
    }
    if (fault != NULL) {
      printf("FAIL %d, exit %d: %s: %s\n  trine", count, result.status, fault, result.err);
      print_line(&line);
      faults++;
    }
    by_status[result.status >= 0 && result.status <= 2 ? result.status : 1]++;
    if (said != NULL && result.status != 0 && fault == NULL) {
      (void)fprintf(said, "%s\n", result.err + 7);
    }
  }
  if (said != NULL) {
    (void)fclose(said);
  }
  printf("%d command lines: %d worked, %d failed, %d wrong usage; %d faults\n", count, by_status[0],
         by_status[1], by_status[2], faults);
  return faults == 0 && by_status[0] > 0 && by_status[1] > 0 && by_status[2] > 0 ? 0 : 1;
}
