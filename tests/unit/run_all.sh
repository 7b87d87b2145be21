#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# run_all.sh: run the unit test programs named, as many at a time as there are processors
# (TRINE_TEST_JOBS).
#
# Fails when one fails or none is named.
# Prints each program's own lines together, and at the end how many programs passed. Run from the
# top folder. The programs with the most code come first, so that the last to end is a short one.
#
# A test bounds its time as it is on a quiet machine; here it has four times that
# (CK_TIMEOUT_MULTIPLIER).
set -u

export CK_TIMEOUT_MULTIPLIER="${CK_TIMEOUT_MULTIPLIER:-4}"
jobs=${TRINE_TEST_JOBS:-$(nproc 2>/dev/null || echo 1)}
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT

run_one() { # program
  name=$(echo "$1" | tr '/' '_')
  mkdir "$work/$name" 2>/dev/null || return
  start=$(date +%s)
  if "$1" </dev/null >"$work/$name/said" 2>&1; then
    verdict=ok
  else
    verdict=FAIL
  fi
  printf '  %-4s %s, %s s\n' "$verdict" "$1" $(($(date +%s) - start)) >>"$work/$name/said"
  cat "$work/$name/said"
  echo "$1" >"$work/$name/$verdict"
}

run_all() {
  for program in "$@"; do run_one "$program"; done
}

count=$#
[ $count -gt 0 ] || { echo "There is no unit test program to run." >&2; exit 1; }
# shellcheck disable=SC2046
set -- $(ls -S "$@" 2>/dev/null)
worker=1
while [ $worker -lt "$jobs" ]; do
  run_all "$@" &
  worker=$((worker + 1))
done
run_all "$@"
wait
passed=$(find "$work" -name ok | wc -l)
echo "$passed of $count unit test programs passed"
[ "$passed" -eq "$count" ] && exit 0
echo "failed: $(find "$work" -name FAIL -exec cat '{}' + | tr '\n' ' ')" >&2
exit 1
