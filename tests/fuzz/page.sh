#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# page.sh: docs/fuzzing.md on standard output: the rows that it has, and behind them the lines that
# campaign.sh left and that are not among these.
set -eu
lines=${TRINE_BUILD:-build}/fuzz/campaign.tsv
page=docs/fuzzing.md
[ -s "$lines" ] || { echo "$lines is not there: run make fuzz first." >&2; exit 1; }
cat <<'TEXT'
# Readers under a fuzzer

Written by `make docs-fuzz` after `make fuzz TIME=...`; not to be edited.

Every reader of a file that a stranger may have made is a target of libFuzzer (clang 14.0.6), under
the address and undefined behaviour sanitizers, inputs of up to 64 KiB. A reader must refuse with a
sentence or accept what can be used; a model that is accepted and small is run as well. Nothing may
take longer than 20 s, or ask for more than 256 MiB at once for a file of at most 64 KiB. `states`
gets the arrays of a state file and makes the archive itself, since a fuzzer does not find
checksums; `image` sets the one of an image right, and runs what is accepted on a device that does
nothing; `dump` does the former with a dump. `onnx_graph` makes well-formed graphs of the bytes,
which reach the reader behind its first checks. `tflite_graph` does so too (operators, shapes,
scales, shared data) and then changes some of their numbers to odd ones, since a fuzzer of files
seldom finds a second graph that fits together. The targets are tests/fuzz/fuzz_*.c, what they
demand is in tests/support/hostile.h, and their seeds and former findings (found-*) in
tests/fuzz/corpus are replayed by `make test` without clang (`make fuzz-replay`).

Seconds are those that the target computed, whatever ran beside it (up to commit c79f8ce those of
the clock). Edges are those of all inputs kept, seeds among them; a row begins with what rows above
it kept only where the folder of the build was still there.
An input that takes 10 s of the clock is counted as a finding, as libFuzzer keeps it; on a machine
with other work four of the five of `reroll` were that (0.2 to 0.4 s of a processor without
sanitizers), which is no failure.

| target | commit | seconds | runs | edges reached | inputs kept | findings |
|---|---|---|---|---|---|---|
TEXT
{
  sed -n '/^| [a-z].*[0-9] |$/s/^| \(.*\) |$/\1/p' "$page" | grep -v '^all ' | sed 's/ | /\t/g'
  cat "$lines"
} | awk -F '\t' '
  !seen[$0]++ {
    printf "| %s | %s | %s | %s | %s | %s | %s |\n", $1, $2, $3, $4, $5, $6, $7
    seconds += $3; runs += $4; found += $7
  }
  END { printf "| all | | %d | %d | | | %d |\n", seconds, runs, found }'
cat <<'TEXT'

Found and mended, each kept as a seed:

- npz: an entry that claims hundreds of MiB, in a file of 600 bytes, made the reader ask for that
  much memory before it read anything. Sizes must now be possible for the size of the file
  (tests/fuzz/corpus/npz/found-large-entry).
- onnx: a Gather of index 2^63 - 1 overflowed, and an operator whose first input was a constant was
  read as if it were rows (tests/fuzz/corpus/onnx/found-*).
- onnx_graph: an Add of two constants whose third input was rows reached what computes on rows
  without any; DynamicQuantizeLinear, found by reading, did so too
  (tests/fuzz/corpus/onnx_graph/found-add-of-three).
- tflite_graph: where a vector of all steps was added along the columns of rows, and there were as
  many columns as steps, both axes of the sum became steps, and its rows were written behind their
  memory. Steps can be on one axis of a value only
  (tests/fuzz/corpus/tflite_graph/found-steps-twice).
- reroll: a sum of a long run of lanes and of single ones looked at what was left of the run for
  each of them: 5 s for a file of 10 KB, 0.15 s now (tests/fuzz/corpus/reroll/found-long-run).
TEXT
