/* SPDX-License-Identifier: Apache-2.0 */
/* steady_rows: what the rows of a stream allow to be left out; see steady.h.
 *
 * Three things about rows can be seen in time: a row that crosses a page is two bursts; a walker
 * that has no sequence at hand waits for the table; and a writer of last rows writes one only at
 * the end of each sequence. So whole periods are left out in two ways: up to the first of these, or
 * when the sequences themselves repeat. */
#include "machine_internal.h"
#include "steady.h"

/* A table answers in 4 cycles, one of MODEL_STREAMS clients at a time. */
enum { FETCH_CYCLES = 4 * MODEL_STREAMS + 8 };

uint32_t rows_long(uint32_t slots, uint64_t cycles, uint64_t step) {
  const uint64_t freed = (FETCH_CYCLES + cycles - 1) / cycles * step;
  return slots + (uint32_t)(freed < FETCH_CYCLES ? freed : FETCH_CYCLES);
}

/* Rows from the one at `offset` on that cross no page, up to `most`. Bound: a round a page, and
 * rows are in a window of less than 2^32 bytes: 2^20 rounds. */
static uint64_t clear_rows(uint32_t offset, const struct walker *rows, uint64_t most) {
  const int64_t stride = (int32_t)rows->stride;
  const int64_t pace = stride < 0 ? -stride : stride;
  uint64_t n = 0;
  if (rows->bytes > MODEL_PAGE) {
    return 0;
  }
  if (pace != 0 && MODEL_PAGE % pace == 0 && offset % pace + rows->bytes <= pace) {
    return most;
  }
  while (n < most && !row_is_cut(offset, rows->bytes)) {
    const int64_t place = offset % MODEL_PAGE;
    const int64_t room = stride < 0 ? place : MODEL_PAGE - (int64_t)rows->bytes - place;
    if (pace == 0) {
      return most;
    }
    n += (uint64_t)(room / pace + 1);
    offset += (uint32_t)((room / pace + 1) * stride);
  }
  return n < most ? n : most;
}

/* Rows of the sequence at hand and, when they may pass unseen, of the long ones behind it. */
static uint64_t rows_ahead(const struct walker *now, const struct sequence *sequences,
                           uint32_t least, bool last_only) {
  uint64_t rows = now->left - 1;
  uint64_t clear = last_only ? rows : clear_rows(now->offset, now, now->left);
  if (last_only || clear < now->left || !now->next) {
    return clear < rows ? clear : rows;
  }
  struct sequence next = now->next_sequence;
  uint32_t entry = now->entry, left = now->fetch_left;
  /* Bound: the entries of the table. */
  while (next.length >= least) {
    clear = clear_rows(now->base + next.offset, now, next.length);
    rows += clear;
    if (clear < next.length || left == 0) {
      return rows;
    }
    next = sequences[entry++];
    left--;
  }
  return rows;
}

uint64_t rows_periods(const struct walker *now, const struct sequence *sequences, uint32_t least,
                      bool last_only, uint64_t step) {
  if (!now->row || now->left < 2 || (now->fetch_left != 0 && !now->next)) {
    return 0;
  }
  return rows_ahead(now, sequences, least, last_only) / step;
}

/* Where n rows further is: the sequence, and how many of its rows are behind. */
struct steady_place {
  uint64_t behind;
  uint32_t passed; /* sequences */
  struct sequence at;
  uint32_t left;
};

static struct steady_place place_of(const struct walker *rows, const struct sequence *sequences,
                                    uint64_t n) {
  struct steady_place place = {.behind = n, .left = rows->left};
  /* Bound: the entries of the table; the caller stays inside them. */
  while (place.behind >= place.left) {
    place.behind -= place.left;
    place.at = place.passed == 0 ? rows->next_sequence : sequences[rows->entry + place.passed - 1];
    place.left = place.at.length;
    place.passed++;
  }
  return place;
}

bool rows_may_stop(const struct walker *now, const struct sequence *sequences, uint32_t least,
                   uint64_t n) {
  const struct steady_place place = place_of(now, sequences, n);
  const uint32_t offset = place.passed == 0 ? now->offset : now->base + place.at.offset;
  return place.left - place.behind >= 2 && (place.passed == 0 || place.behind >= least) &&
         !row_is_cut(offset + (uint32_t)place.behind * now->stride, now->bytes);
}

void rows_skip(struct walker *rows, const struct sequence *sequences, uint64_t n) {
  const struct steady_place place = place_of(rows, sequences, n);
  rows->done += n;
  if (place.passed > 0) {
    rows->offset = rows->base + place.at.offset;
    rows->entry += place.passed - 1;
    rows->fetch_left -= place.passed - 1;
    rows->next = rows->fetch_left != 0;
    if (rows->next) {
      rows->next_sequence = sequences[rows->entry];
      rows->entry++;
      rows->fetch_left--;
    }
  }
  rows->left = place.left - (uint32_t)place.behind;
  rows->offset += (uint32_t)place.behind * rows->stride;
}

uint64_t rows_repeats(const struct walker *before, const struct walker *now,
                      const struct sequence *sequences) {
  const uint32_t passed = now->entry - before->entry;
  uint32_t same = 0;
  if (passed == 0 || now->left != before->left || now->next != before->next ||
      now->row != before->row ||
      (now->next && now->next_sequence.length != before->next_sequence.length) ||
      now->fetch_left < 2) {
    return 0;
  }
  if ((now->row && clear_rows(now->offset, now, now->left) < now->left) ||
      (now->next && clear_rows(now->base + now->next_sequence.offset, now,
                               now->next_sequence.length) < now->next_sequence.length)) {
    return 0;
  }
  /* Bound: the entries of the table. */
  while (same + 1 < now->fetch_left) {
    const struct sequence *next = &sequences[now->entry + same];
    if (next->length != sequences[before->entry + same].length ||
        clear_rows(now->base + next->offset, now, next->length) < next->length) {
      break;
    }
    same++;
  }
  return same / passed;
}

void rows_skip_repeated(struct walker *rows, const struct sequence *sequences, uint64_t n,
                        uint32_t entries) {
  rows->done += n;
  rows->entry += entries;
  rows->fetch_left -= entries;
  if (rows->next) {
    rows->next_sequence = sequences[rows->entry - 1];
  }
  const struct sequence *at = &sequences[rows->entry - (rows->next ? 2 : 1)];
  rows->offset = rows->base + at->offset + (at->length - rows->left) * rows->stride;
}
