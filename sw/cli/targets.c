/* SPDX-License-Identifier: Apache-2.0 */
/* targets: folders and names of files to be written, see targets.h. */
#include "targets.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "io/file.h"
#include "io/named.h"

enum {
  PATH_BYTES = 4096,
  MOST_TARGETS = CLI_MAX_JOBS + 3,
  MOST_READ = 1 + CLI_MAX_JOBS * (1 + TRINE_MODEL_MAX_ENDS)
};

/* The folder of a path shorter than PATH_BYTES, and its last part. */
static const char *split(const char *path, char folder[PATH_BYTES]) {
  const char *slash = strrchr(path, '/');
  size_t length;
  if (slash == NULL) {
    length = 0;
  } else if (slash == path) {
    length = 1;
  } else {
    length = (size_t)(slash - path);
  }
  memcpy(folder, slash == NULL ? "." : path, slash == NULL ? 1 : length);
  folder[slash == NULL ? 1 : length] = '\0';
  return slash == NULL ? path : slash + 1;
}

bool cli_check_target(const char *path, struct trine_error *error) {
  char folder[PATH_BYTES];
  struct stat found;
  if (trine_file_is_standard(path)) {
    return true;
  }
  if (strlen(path) >= sizeof folder) {
    trine_error_set(error, "The path of an output has %zu characters; at most %d are possible.",
                    strlen(path), PATH_BYTES - 1);
    return false;
  }
  (void)split(path, folder);
  const bool is_there = stat(folder, &found) == 0;
  if (!is_there || !S_ISDIR(found.st_mode) || access(folder, W_OK) != 0) {
    trine_error_set(error, "%.90s cannot be written: there is no writable folder %.90s (%.40s).",
                    path, folder,
                    is_there && !S_ISDIR(found.st_mode) ? "it is a file" : strerror(errno));
    return false;
  }
  if (stat(path, &found) == 0 && S_ISDIR(found.st_mode)) {
    trine_error_set(error, "%.150s cannot be written: it is a folder; name a file in it.", path);
    return false;
  }
  return true;
}

/* Whether two paths name one file, or would when it is made. Devices are not files that are lost.
 */
static bool same_file(const char *a, const char *b) {
  struct stat of_a, of_b;
  char folder_a[PATH_BYTES], folder_b[PATH_BYTES];
  if (trine_file_is_standard(a) || trine_file_is_standard(b)) {
    return trine_file_is_standard(a) && trine_file_is_standard(b);
  }
  const bool has_a = stat(a, &of_a) == 0, has_b = stat(b, &of_b) == 0;
  if (has_a != has_b) {
    return false;
  }
  if (has_a) {
    return S_ISREG(of_a.st_mode) && of_a.st_dev == of_b.st_dev && of_a.st_ino == of_b.st_ino;
  }
  return strlen(a) < PATH_BYTES && strlen(b) < PATH_BYTES &&
         strcmp(split(a, folder_a), split(b, folder_b)) == 0 && stat(folder_a, &of_a) == 0 &&
         stat(folder_b, &of_b) == 0 && of_a.st_dev == of_b.st_dev && of_a.st_ino == of_b.st_ino;
}

bool cli_check_targets(const struct cli_target *targets, uint32_t count, const char *const *read,
                       uint32_t read_count, struct trine_error *error) {
  for (uint32_t n = 0; n < count; n++) {
    const char *path = targets[n].path;
    if (path == NULL) {
      continue;
    }
    if (!cli_check_target(path, error)) {
      return false;
    }
    for (uint32_t other = 0; other < n; other++) {
      if (targets[other].path != NULL && same_file(path, targets[other].path)) {
        trine_error_set(error, "%.100s would be written twice, by %s and by %s; give two names.",
                        path, targets[other].option, targets[n].option);
        return false;
      }
    }
    for (uint32_t other = 0; other < read_count; other++) {
      if (read[other] != NULL && !trine_file_is_standard(path) && same_file(path, read[other])) {
        trine_error_set(error, "%.100s is what this command reads; %s needs another name.", path,
                        targets[n].option);
        return false;
      }
    }
  }
  return true;
}

bool cli_run_check_targets(const struct cli_options *options, struct trine_error *error) {
  struct cli_target targets[MOST_TARGETS] = {
      {"--state-out", options->state_out}, {"--wave", options->wave}, {"--dump", options->dump}};
  const char *read[MOST_READ] = {options->lengths};
  uint32_t count = 1;
  for (uint32_t n = 0; n < options->job_count; n++) {
    const struct cli_job_files *job = &options->jobs[n];
    targets[3 + n] = (struct cli_target){options->side_by_side ? "--job" : "--output", job->output};
    read[count++] = job->model;
    for (uint32_t k = 0; k < job->input_count; k++) {
      read[count++] = trine_named_file(job->inputs[k]);
    }
  }
  return cli_check_targets(targets, 3 + options->job_count, read, count, error);
}
