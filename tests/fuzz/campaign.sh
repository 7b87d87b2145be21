#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# campaign.sh: run fuzz targets for a time each, one a processor, and say what came of it.
#
#   campaign.sh SECONDS NAME ...
#
# New inputs that reach more are kept in build/fuzz/corpus/NAME, beside the seeds of
# tests/fuzz/corpus/NAME, so a later run goes on from there. Each log is build/fuzz/NAME.log; a
# finding is a file build/fuzz/finding-NAME-*. Fails when there is one. One line a target goes to
# build/fuzz/campaign.tsv: name, commit, seconds, runs, coverage, inputs, findings.
set -u
build=${TRINE_BUILD:-build}/fuzz
seconds=$1
shift
commit=$(git describe --always --dirty 2>/dev/null || echo unknown)
jobs=$(nproc 2>/dev/null || echo 1)

one() { # NAME
  mkdir -p "$build/corpus/$1"
  # Nothing that a reader allocates for a file of a few KiB may be large.
  "$build/fuzz_$1" -max_total_time="$seconds" -timeout=20 -rss_limit_mb=1024 -malloc_limit_mb=256 \
    -max_len=65536 -print_final_stats=1 -artifact_prefix="$build/finding-$1-" \
    "$build/corpus/$1" "tests/fuzz/corpus/$1" >"$build/$1.log" 2>&1
}

report() { # NAME: its line; 1 when there was a finding
  runs=$(sed -n 's/^stat::number_of_executed_units: *//p' "$build/$1.log")
  cover=$(sed -n 's/.* cov: \([0-9]*\) .*/\1/p' "$build/$1.log" | tail -n 1)
  inputs=$(find "$build/corpus/$1" -type f | wc -l)
  found=$(find "$build" -maxdepth 1 -name "finding-$1-*" | wc -l)
  printf '%s\t%s\t%s\t%s\t%s\t%s\t%s\n' "$1" "$commit" "$seconds" "${runs:-0}" "${cover:-0}" \
    "$inputs" "$found" >>"$build/campaign.tsv"
  printf '%-8s %5s s  %10s runs  %6s edges  %5s inputs  %s findings\n' "$1" "$seconds" \
    "${runs:-0}" "${cover:-0}" "$inputs" "$found"
  [ "$found" = 0 ] && [ -n "$runs" ]
}

failed=0
while [ $# -gt 0 ]; do
  names=
  while [ $# -gt 0 ] && [ "$(echo "$names" | wc -w)" -lt "$jobs" ]; do
    names="$names $1"
    one "$1" &
    shift
  done
  echo "fuzzing$names for $seconds s"
  wait
  for name in $names; do
    report "$name" || { failed=1; tail -n 5 "$build/$name.log"; }
  done
done
exit $failed
