/* SPDX-License-Identifier: Apache-2.0 */
/* file: reading, and whole-file replacement by rename; see file.h. */
#define _POSIX_C_SOURCE 200809L
#include "io/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Links that lead to links: as many as Linux follows. */
enum { MAX_NAMES = 100, MAX_LINKS = 40, PATH_BYTES = 4096 };
/* As large as an array can be, with its header. */
#define MOST_STANDARD (TRINE_ARRAY_MAX_BYTES + (UINT64_C(1) << 16))
static const char no_path[] = "a file needs a path, and none is given";

/* What the system says when a name leads nowhere, and when it refuses anything else. */
static enum trine_status status_of(int reason) {
  return reason == ENOENT || reason == ENOTDIR ? TRINE_ERR_NOT_FOUND : TRINE_ERR_FILE;
}

static enum trine_status refuse(struct trine_error *error, const char *path) {
  const int reason = errno;
  trine_error_set(error, "%.150s cannot be written: %s", path, strerror(reason));
  return status_of(reason);
}

static enum trine_status refuse_open(struct trine_error *error, const char *path, int reason) {
  trine_error_set(error, "%.200s cannot be opened: %s", path, strerror(reason));
  return status_of(reason);
}

bool trine_file_is_standard(const char *path) {
  return path != NULL && strcmp(path, TRINE_FILE_STANDARD) == 0;
}

/* All that standard input still has, into *file; *size are its bytes. */
static enum trine_status copy_standard(FILE *file, uint64_t *size, struct trine_error *error) {
  char block[1 << 16];
  size_t got = 0;
  while ((got = fread(block, 1, sizeof block, stdin)) > 0 && *size <= MOST_STANDARD) {
    *size += got;
    if (fwrite(block, 1, got, file) != got) {
      break;
    }
  }
  if (ferror(stdin) != 0 || ferror(file) != 0 || fflush(file) != 0) {
    trine_error_set(error, "standard input cannot be read after %llu bytes: %s",
                    (unsigned long long)*size, strerror(errno));
  } else if (*size > MOST_STANDARD) {
    trine_error_set(error, "standard input has more than the limit of %llu bytes",
                    (unsigned long long)MOST_STANDARD);
  } else {
    return TRINE_OK;
  }
  return TRINE_ERR_FILE;
}

/* Standard input as a file that has a size. One that is a file stays where it is, and can be read
 * again; a pipe is read once. */
static enum trine_status open_standard(FILE **file, uint64_t *size, struct trine_error *error) {
  const off_t at = ftello(stdin);
  *file = tmpfile();
  if (*file == NULL) {
    return refuse_open(error, "a file for standard input", errno);
  }
  const enum trine_status status = copy_standard(*file, size, error);
  if (status != TRINE_OK) {
    (void)fclose(*file);
    *file = NULL;
    return status;
  }
  rewind(*file);
  if (at >= 0 && fseeko(stdin, at, SEEK_SET) == 0) {
    clearerr(stdin);
  }
  return TRINE_OK;
}

enum trine_status trine_file_hold_standard(struct trine_error *error) {
  FILE *file = NULL;
  uint64_t size = 0;
  const enum trine_status status = open_standard(&file, &size, error);
  if (status == TRINE_OK && dup2(fileno(file), STDIN_FILENO) < 0) {
    const enum trine_status refused = refuse_open(error, "standard input", errno);
    (void)fclose(file);
    return refused;
  }
  if (status == TRINE_OK) {
    (void)fclose(file);
    rewind(stdin);
  }
  return status;
}

size_t trine_file_begins(const char *path, uint8_t *bytes, size_t most) {
  FILE *file = NULL;
  uint64_t size = 0;
  size_t got = 0;
  if (trine_file_open(path, &file, &size, NULL) == TRINE_OK) {
    got = fread(bytes, 1, most, file);
    (void)fclose(file);
  }
  return got;
}

enum trine_status trine_file_open(const char *path, FILE **file, uint64_t *size,
                                  struct trine_error *error) {
  struct stat facts;
  *file = NULL;
  *size = 0;
  if (path == NULL) {
    trine_error_set(error, "%s", no_path);
    return TRINE_ERR_ARG;
  }
  if (trine_file_is_standard(path)) {
    return open_standard(file, size, error);
  }
  /* Not to wait for the other end of a pipe, which is refused below. */
  const int descriptor = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
  if (descriptor < 0) {
    return refuse_open(error, path, errno);
  }
  enum trine_status status = TRINE_OK;
  if (fstat(descriptor, &facts) != 0) {
    status = refuse_open(error, path, errno);
  } else if (!S_ISREG(facts.st_mode)) {
    trine_error_set(error, "%.200s cannot be read: only a regular file can", path);
    status = TRINE_ERR_FILE;
  } else if ((*file = fdopen(descriptor, "rb")) == NULL) {
    status = refuse_open(error, path, errno);
  } else {
    *size = (uint64_t)facts.st_size;
  }
  if (status != TRINE_OK) {
    (void)close(descriptor);
  }
  return status;
}

enum trine_status trine_file_read(const char *path, uint64_t limit, uint8_t **bytes,
                                  size_t *len_bytes, struct trine_error *error) {
  uint64_t size = 0;
  FILE *file = NULL;
  *bytes = NULL;
  *len_bytes = 0;
  enum trine_status status = trine_file_open(path, &file, &size, error);
  if (status != TRINE_OK) {
    return status;
  }
  if (size > limit || size > SIZE_MAX - 1) {
    trine_error_set(error, "%.200s has %llu bytes; the limit is %llu", path,
                    (unsigned long long)size, (unsigned long long)limit);
    status = TRINE_ERR_FORMAT;
  } else if ((*bytes = malloc((size_t)size + 1)) == NULL) {
    trine_error_set(error, "%.200s: there is no memory for its %llu bytes", path,
                    (unsigned long long)size);
    status = TRINE_ERR_MEMORY;
  } else if (fread(*bytes, 1, (size_t)size, file) != size) {
    trine_error_set(error, "%.200s cannot be read: %s", path,
                    ferror(file) != 0 ? strerror(errno) : "it became shorter meanwhile");
    status = TRINE_ERR_FILE;
    free(*bytes);
    *bytes = NULL;
  } else {
    *len_bytes = (size_t)size;
  }
  (void)fclose(file);
  return status;
}

static bool write_all(int file, const struct trine_file_buffer *buffers, size_t count) {
  for (size_t n = 0; n < count; n++) {
    const char *data = buffers[n].data;
    size_t left = buffers[n].size;
    while (left > 0) {
      ssize_t written = write(file, data, left);
      if (written < 0 && errno != EINTR) {
        return false;
      }
      if (written > 0) {
        data += written;
        left -= (size_t)written;
      }
    }
  }
  return true;
}

/* Opens a new file named after path; *name is the caller's to free. -1 on failure, with errno. */
static int open_beside(const char *path, char **name) {
  size_t size = strlen(path) + 40;
  *name = malloc(size);
  for (int n = 0; n < MAX_NAMES && *name != NULL; n++) {
    (void)snprintf(*name, size, "%s.%ld-%d.tmp", path, (long)getpid(), n);
    int file = open(*name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (file >= 0 || errno != EEXIST) {
      return file;
    }
  }
  return -1;
}

static enum trine_status write_in_place(const char *path, const struct trine_file_buffer *buffers,
                                        size_t count, struct trine_error *error) {
  int file = open(path, O_WRONLY | O_TRUNC | O_CLOEXEC);
  if (file < 0) {
    return refuse(error, path);
  }
  bool written = write_all(file, buffers, count);
  enum trine_status status = written ? TRINE_OK : refuse(error, path);
  if (close(file) != 0 && status == TRINE_OK) {
    status = refuse(error, path);
  }
  return status;
}

/* path is no link; old is the file's state, or NULL when there is none. */
static enum trine_status replace(const char *path, const struct stat *old,
                                 const struct trine_file_buffer *buffers, size_t count,
                                 struct trine_error *error) {
  if (old != NULL && access(path, W_OK) != 0) {
    return refuse(error, path); /* renaming would get around the file's own permissions */
  }
  char *name = NULL;
  int file = open_beside(path, &name);
  if (file < 0) {
    enum trine_status status = refuse(error, path);
    free(name);
    return status;
  }
  bool done = write_all(file, buffers, count) && fsync(file) == 0;
  if (done && old != NULL) {
    done = fchmod(file, old->st_mode & 07777) == 0;
  }
  int reason = errno;
  bool closed = close(file) == 0;
  reason = done && !closed ? errno : reason;
  done = done && closed;
  if (done && rename(name, path) != 0) {
    reason = errno;
    done = false;
  }
  enum trine_status status = TRINE_OK;
  if (!done) {
    (void)unlink(name);
    errno = reason;
    status = refuse(error, path);
  }
  free(name);
  return status;
}

/* Where a link leads, a link behind it too, whether there is a file or not; NULL if path is no link
 * or errno is set. The caller's to free. */
static char *target_of(const char *path) {
  char *at = NULL;
  char target[PATH_BYTES];
  for (int links = 0; links < MAX_LINKS; links++) {
    const char *now = at == NULL ? path : at;
    const ssize_t length = readlink(now, target, sizeof target - 1);
    if (length < 0) {
      errno = 0; /* no link: this is the file, or the place for it */
      return at;
    }
    target[length] = '\0';
    const char *slash = strrchr(now, '/');
    const size_t folder = target[0] == '/' || slash == NULL ? 0 : (size_t)(slash - now) + 1;
    char *next = malloc(folder + (size_t)length + 1);
    if (next == NULL) {
      free(at);
      return NULL;
    }
    memcpy(next, now, folder);
    memcpy(next + folder, target, (size_t)length + 1);
    free(at);
    at = next;
  }
  free(at);
  errno = ELOOP;
  return NULL;
}

enum trine_status trine_file_replace(const char *path, const struct trine_file_buffer *buffers,
                                     size_t count, struct trine_error *error) {
  struct stat old;
  struct stat resolved;
  if (path == NULL) {
    trine_error_set(error, "%s", no_path);
    return TRINE_ERR_ARG;
  }
  if (trine_file_is_standard(path)) {
    return write_all(STDOUT_FILENO, buffers, count) ? TRINE_OK : refuse(error, "standard output");
  }
  const bool exists = stat(path, &old) == 0;
  if (exists && !S_ISREG(old.st_mode)) {
    return write_in_place(path, buffers, count, error);
  }
  errno = 0;
  char *target = target_of(path);
  if (target == NULL && errno != 0) {
    return refuse(error, path);
  }
  const char *name = target == NULL ? path : target;
  enum trine_status status;
  if (exists && (stat(name, &resolved) != 0 || resolved.st_ino != old.st_ino ||
                 resolved.st_dev != old.st_dev)) {
    status = write_in_place(path, buffers, count, error); /* a file of /proc that has no name now */
  } else {
    status = replace(name, exists ? &old : NULL, buffers, count, error);
  }
  free(target);
  return status;
}
