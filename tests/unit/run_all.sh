#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# run_all.sh: run the unit test programs named, one after another.
#
# Fails when one fails or none is named.
# Prints each program's own lines, and at the end how many programs passed. Run from the top folder.
set -u

passed=0
failed=
for program in "$@"; do
  start=$(date +%s)
  if "$program" </dev/null; then
    passed=$((passed + 1))
    echo "  ok   $program, $(($(date +%s) - start)) s"
  else
    failed="$failed $program"
    echo "  FAIL $program, $(($(date +%s) - start)) s"
  fi
done
echo "$passed of $# unit test programs passed"
[ -z "$failed" ] || { echo "failed:$failed" >&2; exit 1; }
[ $# -gt 0 ] || { echo "There is no unit test program to run." >&2; exit 1; }
