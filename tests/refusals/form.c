/* SPDX-License-Identifier: Apache-2.0 */
/* form: the rules one after another, see form.h. */
#include "form.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

enum { FORM_CORE_BYTES = 512 };

/* Words that say nothing, or that it is somebody's fault. */
static const char *const empty_words[] = {"invalid",   "illegal", " bad ", "bad ",
                                          "failed to", "error:",  "oops",  "something ",
                                          "sorry",     "please",  "wrong "};

/* One of these is how a sentence says a limit, what is allowed, a reason, or what to do. */
static const char *const ways_out[] = {
    " at most ", " at least ",  " limit ",   "the limit", " has to",   " have to ",  " must ",
    "takes ",    " range ",     " needs ",   " need ",    " lacks ",   "there are",  " only ",
    " exactly",  "allowed",     "possible",  "outside ",  "1..",       "0..",        "-128..",
    " is read",  " are",        "; ",        " instead",  " of %",     " of the %",  " to %",
    " in [",     " not %",      " not on %", " not '%",   " has %",    " have %",    " given %",
    " but %",    " than %",     " not in ",  ": %",       "(%",        " multiple ", " neither ",
    " needed",   "none of",     "none may",  "not the %", "should be", ", with %",   " above ",
    " below ",   "comes first", " instead",  "got %",     ": make ",   ": trine "};

static bool has_one(const char *text, const char *const *words, size_t count) {
  for (size_t n = 0; n < count; n++) {
    if (strstr(text, words[n]) != NULL) {
      return true;
    }
  }
  return false;
}

/* Whether the text ends in a command to type: nothing may stand behind that. */
static bool ends_in_command(const char *text) {
  static const char *const commands[] = {": trine ", ": make ", "apt-get install ",
                                         "--inputs and --outputs"};
  return has_one(text, commands, sizeof commands / sizeof commands[0]);
}

static const char *ends_fault(const struct entry *entry) {
  const char *text = entry->text;
  const size_t length = strlen(text);
  const char last = text[length - 1];
  if (entry->setter->style == STYLE_EVENT) {
    return NULL;
  }
  if (entry->setter->style == STYLE_SENTENCE) {
    if (islower((unsigned char)text[0]) && strchr(text, ' ') != NULL &&
        strncmp(text, "trine", 5) != 0 && ends_in_command(text) == false) {
      return "a sentence begins with a capital or with what is refused";
    }
    return last == '.' || ends_in_command(text) ? NULL : "a sentence ends with a full stop";
  }
  if (isupper((unsigned char)text[0]) && islower((unsigned char)text[1])) {
    return "a clause, which something is put before, begins small";
  }
  return last == '.' ? "a clause ends without a full stop" : NULL;
}

/* What a usage is about: an option, or the command as it should be. */
static bool names_option(const char *text) {
  return strstr(text, "--") != NULL || ends_in_command(text);
}

/* Where something is missing there is no value to name. */
static bool says_what_is_missing(const char *text) {
  return strstr(text, " need") != NULL || strstr(text, "comes first") != NULL;
}

bool form_of_memory(const char *text) {
  return strstr(text, "no memory") != NULL;
}

const char *form_fault(const struct entry *entry) {
  const char *text = entry->text, *end = NULL;
  if (text[0] == '\0') {
    return "it is empty";
  }
  const char *fault = ends_fault(entry);
  if (fault != NULL) {
    return fault;
  }
  if (strpbrk(text, "\n\t!") != NULL || strstr(text, "  ") != NULL || strstr(text, "..") != NULL) {
    const char *dots = strstr(text, "..");
    const bool range = dots != NULL && strpbrk(text, "\n\t!") == NULL &&
                       strstr(text, "  ") == NULL && dots > text && dots[2] != '\0';
    if (!range) {
      return "newlines, tabs, double blanks and exclamation marks are no part of a sentence";
    }
  }
  if (strlen(text) > FORM_MOST) {
    return "it is longer than the limit";
  }
  if (has_one(text, empty_words, sizeof empty_words / sizeof empty_words[0])) {
    return "it has a word that says nothing (form.c lists them)";
  }
  if ((strstr(text, "not supported") != NULL || strstr(text, "none are supported") != NULL) &&
      strstr(text, "; ") == NULL && strstr(text, "not supported: ") == NULL) {
    return "not supported, but what then: say what is, or what to do, behind a semicolon";
  }
  if ((strstr(text, "cannot open") != NULL || strstr(text, "cannot be opened") != NULL ||
       strstr(text, "cannot read") != NULL || strstr(text, "cannot be written") != NULL) &&
      strstr(text, ": ") == NULL) {
    return "a file that cannot be used: say why";
  }
  if (inventory_conversion(text, &end) == NULL && entry->setter->style != STYLE_PART &&
      strpbrk(text, "0123456789") == NULL && !names_option(text) && !says_what_is_missing(text) &&
      !form_of_memory(text)) {
    return "it names no value: what was given, in which file, node or option";
  }
  /* What the callee puts around it is no way out. */
  char core[FORM_CORE_BYTES];
  (void)snprintf(core, sizeof core, " %s", text + strlen(entry->setter->before));
  text = core;
  const bool has_reason = strstr(text, "cannot ") != NULL && strstr(text, ": ") != NULL;
  if (!form_of_memory(text) && !has_reason && entry->setter->style != STYLE_EVENT &&
      !has_one(text, ways_out, sizeof ways_out / sizeof ways_out[0])) {
    return "it names no limit, nothing that is allowed, and no way out";
  }
  return NULL;
}
