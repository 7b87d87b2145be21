/* SPDX-License-Identifier: Apache-2.0 */
/* trine_fault_text: faults as sentences; see trine_fault.h. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "program/disassemble.h"
#include "trine_fault.h"
#include "trine_regs.h"

/* A text being written. */
struct fault_text {
  char *at;
  size_t left;
};

static void say(struct fault_text *text, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static void say(struct fault_text *text, const char *format, ...) {
  va_list args;
  va_start(args, format);
  const int length = vsnprintf(text->at, text->left, format, args);
  va_end(args);
  size_t moved;
  if (length < 0) {
    moved = 0;
  } else if ((size_t)length < text->left) {
    moved = (size_t)length;
  } else {
    moved = text->left;
  }
  text->at += moved;
  text->left -= moved;
}

/* The numbers of a fault as printf takes them. */
static unsigned word(const struct trine_fault *fault, uint32_t n) {
  return (unsigned)fault->number[n];
}
static unsigned long long number(const struct trine_fault *fault, uint32_t n) {
  return fault->number[n];
}

static const char *layer_name(const struct trine_image *image, uint64_t layer) {
  return image != NULL && layer < image->layer_count
             ? trine_image_at(image, trine_image_layer(image, (uint32_t)layer)->name_at)
             : "?";
}

static void say_error(struct fault_text *text, const struct trine_fault *fault) {
  static const struct {
    uint32_t code;
    const char *name, *sentence;
  } codes[] = {
#define CODE(name, number, sentence) {number, #name, sentence},
      TRINE_ERROR_LIST(CODE)
#undef CODE
  };
  const char *name = "unknown", *sentence = "";
  for (uint32_t n = 0; n < sizeof codes / sizeof codes[0]; n++) {
    name = codes[n].code == fault->number[0] ? codes[n].name : name;
    sentence = codes[n].code == fault->number[0] ? codes[n].sentence : sentence;
  }
  say(text,
      "the device stopped with error %u %s on core %u at operation %s (word %u), "
      "address 0x%llx: %s",
      word(fault, 0), name, word(fault, 1), trine_op_name(word(fault, 4) & 0xff), word(fault, 2),
      number(fault, 3), sentence);
}

/* What a run was given to run in. */
static void say_place(struct fault_text *text, const struct trine_fault *fault) {
  switch (fault->kind) {
    case TRINE_FAULT_WINDOW:
      say(text,
          "the window of %llu bytes at 0x%llx must start at a multiple of %d and have %llu bytes "
          "or more, in whole words",
          number(fault, 1), number(fault, 0), (int)TRINE_WINDOW_ALIGN, number(fault, 2));
      break;
    case TRINE_FAULT_SCRATCH:
      say(text, "the run has %llu bytes of scratch memory; this batch needs %llu", number(fault, 0),
          number(fault, 1));
      break;
    case TRINE_FAULT_OVERLAP:
      say(text,
          "the window of %llu bytes at 0x%llx has part of the image of %llu bytes, which the run "
          "would overwrite; give one of them another place",
          number(fault, 1), number(fault, 0), number(fault, 2));
      break;
    case TRINE_FAULT_MASK:
      say(text, "the core mask 0x%x is to have %u of the device's %u cores", word(fault, 0),
          word(fault, 1), word(fault, 2));
      break;
    default:
      say(text, "the job was not started; trine_job_start comes first");
      break;
  }
}

static void say_argument(struct fault_text *text, const struct trine_fault *fault,
                         const struct trine_image *image) {
  switch (fault->kind) {
    case TRINE_FAULT_NO_BATCH:
      say(text, "a batch needs at least one sequence, its lengths, input and output");
      break;
    case TRINE_FAULT_LENGTH:
      say(text, "sequence %u has %u steps; 1 to %d are possible", word(fault, 0), word(fault, 1),
          (int)INT32_MAX);
      break;
    case TRINE_FAULT_ROWS:
      say(text,
          "sequence %u with %u steps needs %llu bytes of rows at once; the job's "
          "window has room for %u",
          word(fault, 0), word(fault, 1), number(fault, 2), word(fault, 3));
      break;
    case TRINE_FAULT_KEPT:
      say(text,
          "keeping the state of one sequence needs more rings and cell states than a "
          "core of configuration %s has; run on more cores",
          image != NULL ? image->config : "?");
      break;
    case TRINE_FAULT_STRIDES:
      say(text,
          "the strides of the batch lead beyond what a pointer can reach: input %llu "
          "and %llu, output %llu and %llu bytes, %u sequences of up to %u steps",
          number(fault, 0), number(fault, 1), number(fault, 2), number(fault, 3), word(fault, 4),
          word(fault, 5));
      break;
    case TRINE_FAULT_STATE_HALF:
      say(text, "the state of layer %s has an h but no c; it needs both",
          layer_name(image, fault->number[0]));
      break;
    case TRINE_FAULT_STATE_FAR:
      say(text, "the states of %u sequences of layer %s are beyond what a pointer can reach",
          word(fault, 0), layer_name(image, fault->number[1]));
      break;
    default:
      say_place(text, fault);
      break;
  }
}

static void say_device(struct fault_text *text, const struct trine_fault *fault) {
  switch (fault->kind) {
    case TRINE_FAULT_IMAGE:
      say(text, "the image has version %u; this runtime runs %u: compile the network again",
          word(fault, 0), word(fault, 1));
      break;
    case TRINE_FAULT_NO_BUS:
      say(text,
          "the bus misses a function: read32, write32, mem_read, mem_write and wait "
          "are needed");
      break;
    case TRINE_FAULT_ID:
      say(text, "the device's ID register reads 0x%08x; a Trine has 0x%08x", word(fault, 0),
          word(fault, 1));
      break;
    case TRINE_FAULT_MAJOR:
      say(text, "the device has major version %u; this driver serves %u", word(fault, 0),
          word(fault, 1));
      break;
    case TRINE_FAULT_CORES:
      say(text, "the device's parameter CORES is %u; this driver serves 1 to %u", word(fault, 0),
          word(fault, 1));
      break;
    case TRINE_FAULT_CONFIG:
    default:
      say(text,
          "the image is for a configuration with the hash 0x%08x, the device has 0x%08x; compile "
          "the network for the device's, trine info names it",
          word(fault, 0), word(fault, 1));
      break;
  }
}

static void say_busy(struct fault_text *text, const struct trine_fault *fault) {
  switch (fault->kind) {
    case TRINE_FAULT_CORES_TAKEN:
      say(text, "cores 0x%x of the job are taken by another job", word(fault, 0));
      break;
    case TRINE_FAULT_QUARANTINE:
      say(text,
          "cores 0x%x of the job are in quarantine until the device is reset; a job "
          "made now takes others",
          word(fault, 0));
      break;
    case TRINE_FAULT_CORES_BUSY:
      say(text,
          "cores 0x%x of the job run a program that was not started here or was not "
          "seen to stop; wait for its end, or stop it with trine_stop_strays (trine "
          "run --stop-strays)",
          word(fault, 0));
      break;
    case TRINE_FAULT_SLOTS_TAKEN:
      say(text,
          "all %u domain slots are taken (0x%x of them by runs that were not started "
          "here); wait for one to end",
          word(fault, 0), word(fault, 1));
      break;
    case TRINE_FAULT_RESUME:
      say(text,
          "cores 0x%x of the job were used by another between two chunks of a sequence; the "
          "sequence has to begin again",
          word(fault, 0));
      break;
    default:
      say(text,
          "START was refused: domain slot %u runs a program that was not started here; "
          "wait for its end",
          word(fault, 0));
      break;
  }
}

static void say_access(struct fault_text *text, const struct trine_fault *fault, const char *what) {
  say(text, "%s at 0x%llx failed: %s", what, number(fault, 0),
      fault->status == TRINE_ERR_TIMEOUT ? "no answer in time" : "access refused");
}

static void say_run(struct fault_text *text, const struct trine_fault *fault) {
  switch (fault->kind) {
    case TRINE_FAULT_READ_REGISTER:
      say_access(text, fault, "reading the register");
      break;
    case TRINE_FAULT_WRITE_REGISTER:
      say_access(text, fault, "writing the register");
      break;
    case TRINE_FAULT_READ_MEMORY:
      say_access(text, fault, "reading shared memory");
      break;
    case TRINE_FAULT_WRITE_MEMORY:
      say_access(text, fault, "writing shared memory");
      break;
    case TRINE_FAULT_WAIT:
      say(text, "waiting for the interrupt failed");
      break;
    case TRINE_FAULT_TIME:
      say(text, "the job on cores 0x%x was not done within %u ms (it had %llu)", word(fault, 0),
          word(fault, 1), number(fault, 2));
      break;
    case TRINE_FAULT_BUS_TIME:
      say(text,
          "the job on cores 0x%x was not done when the bus gave up waiting, after %llu "
          "of %u ms",
          word(fault, 0), number(fault, 2), word(fault, 1));
      break;
    case TRINE_FAULT_ERROR:
      say_error(text, fault);
      break;
    case TRINE_FAULT_RESET:
      say(text, "domain slot %u was reset while it ran", word(fault, 0));
      break;
    case TRINE_FAULT_NOT_THIS:
      say(text, "domain slot %u is done, but not with this run: its START was not carried out",
          word(fault, 0));
      break;
    case TRINE_FAULT_PROGRAM:
      say(text, "the program of %u words does not fit its %u bytes", word(fault, 0),
          word(fault, 1));
      break;
    case TRINE_FAULT_ABORTED:
    default:
      say(text, "the run in domain slot %u was aborted", word(fault, 0));
      break;
  }
}

void trine_fault_text(const struct trine_fault *fault, const struct trine_image *image, char *text,
                      size_t text_bytes) {
  struct fault_text out = {text, text_bytes};
  if (text_bytes == 0) {
    return;
  }
  text[0] = '\0';
  if (fault->kind == TRINE_FAULT_NONE) {
    return;
  }
  if (fault->kind <= TRINE_FAULT_NOT_STARTED) {
    say_argument(&out, fault, image);
  } else if (fault->kind <= TRINE_FAULT_CONFIG) {
    say_device(&out, fault);
  } else if (fault->kind <= TRINE_FAULT_REFUSED) {
    say_busy(&out, fault);
  } else {
    say_run(&out, fault);
  }
  if (fault->is_stuck) {
    say(&out, "; it was not seen to stop, so domain slot %u and cores 0x%x stay taken", fault->slot,
        fault->core_mask);
  }
  if (fault->quarantine != 0) {
    say(&out, "; cores 0x%x are in quarantine until the device is reset", fault->quarantine);
  }
}
