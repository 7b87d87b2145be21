#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# campaign.sh: run fuzz targets for a time of a processor each, and say what came of it.
#
#   campaign.sh SECONDS NAME ...
#
# SECONDS are those that a target computed, whatever runs beside it. FUZZ_JOBS targets run side by
# side, else one a processor. New inputs that reach more are kept in build/fuzz/corpus/NAME, beside
# the seeds of tests/fuzz/corpus/NAME, so a later run goes on from there. Each log is
# build/fuzz/NAME.log; a finding is a file build/fuzz/finding-NAME-*. Fails when there is one. One
# line a target goes to build/fuzz/campaign.tsv, also when the campaign is stopped (TERM): name,
# commit, seconds of a processor, runs, coverage, inputs, findings.
set -u
build=${TRINE_BUILD:-build}/fuzz
seconds=$1
shift
commit=$(git describe --always --dirty 2>/dev/null || echo unknown)
jobs=${FUZZ_JOBS:-$(nproc 2>/dev/null || echo 1)}
running=
stopped=

computed() { # PID: its state (Z: it has ended), and the seconds that it computed, the system's too
  sed 's/.*) //' "/proc/$1/stat" 2>/dev/null |
    awk -v ticks="$(getconf CLK_TCK)" '{ printf "%s %d\n", $1, ($12 + $13) / ticks }'
}

begin() { # NAME
  mkdir -p "$build/corpus/$1"
  # Nothing that a reader allocates for a file of a few KiB may be large.
  "$build/fuzz_$1" -timeout=20 -rss_limit_mb=1024 -malloc_limit_mb=256 \
    -max_len=65536 -print_final_stats=1 -artifact_prefix="$build/finding-$1-" \
    "$build/corpus/$1" "tests/fuzz/corpus/$1" >"$build/$1.log" 2>&1 &
  echo $! >"$build/$1.pid"
  echo 0 >"$build/$1.seconds"
  running="$running $1"
}

report() { # NAME: its line; 1 when there was a finding
  runs=$(sed -n 's/^stat::number_of_executed_units: *//p' "$build/$1.log")
  cover=$(sed -n 's/.* cov: \([0-9]*\) .*/\1/p' "$build/$1.log" | tail -n 1)
  inputs=$(find "$build/corpus/$1" -type f | wc -l)
  found=$(find "$build" -maxdepth 1 -name "finding-$1-*" | wc -l)
  read -r took <"$build/$1.seconds"
  printf '%s\t%s\t%s\t%s\t%s\t%s\t%s\n' "$1" "$commit" "$took" "${runs:-0}" "${cover:-0}" \
    "$inputs" "$found" >>"$build/campaign.tsv"
  printf '%-12s %5s s  %10s runs  %6s edges  %5s inputs  %s findings\n' "$1" "$took" \
    "${runs:-0}" "${cover:-0}" "$inputs" "$found"
  [ "$found" = 0 ] && [ -n "$runs" ]
}

# Looks at each that runs; one that has computed enough is asked to end, and says what it did.
look() {
  left=
  for name in $running; do
    read -r pid <"$build/$name.pid"
    state=$(computed "$pid")
    took=${state#* }
    [ -z "$took" ] || echo "$took" >"$build/$name.seconds"
    case $state in
      Z* | '')
        wait "$pid"
        report "$name" || { failed=1; tail -n 5 "$build/$name.log"; }
        ;;
      *)
        [ -z "$stopped" ] && [ "$took" -lt "$seconds" ] || kill -USR1 "$pid"
        left="$left $name"
        ;;
    esac
  done
  running=$left
}

failed=0
trap 'stopped=1' TERM INT
while [ $# -gt 0 ] || [ -n "$running" ]; do
  [ -z "$stopped" ] || set --
  while [ $# -gt 0 ] && [ "$(echo "$running" | wc -w)" -lt "$jobs" ]; do
    echo "fuzzing $1 for $seconds s of a processor"
    begin "$1"
    shift
  done
  sleep 1
  look
done
exit $failed
