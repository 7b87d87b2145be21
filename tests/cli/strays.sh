#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# strays.sh: a device on which a crashed process left a program running: `trine run` says so and
# names the way out, which is --stop-strays, and then runs.
#
# Needs build/trine and build/tests/stray_device (make strays).
set -u
name=strays
. "$(dirname "$0")/begin.sh"

serve() { # ARGUMENTS...: a new device; $path is its line, descriptor 9 keeps it
  rm -f "$work/keep"
  mkfifo "$work/keep"
  build/tests/stray_device "$@" <"$work/keep" >"$work/pty" &
  exec 9>"$work/keep"
  path=
  for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
    path=$(awk '$1 == "pty" { print $2 }' "$work/pty")
    [ -n "$path" ] && return
    sleep 0.5
  done
  fail "the device gave no line within 10 s"
}

runs() { # STATUS TEXT ARGUMENTS...: that exit status, and the text on standard error
  want=$1 text=$2
  shift 2
  checks=$((checks + 1))
  timeout 60 "$trine" "$@" --device "uart:$path" >"$work/out" 2>"$work/err"
  got=$?
  [ $got -eq "$want" ] ||
    fail "exit $got instead of $want: trine $*: $(cat "$work/err")"
  [ -z "$text" ] || grep -qF -- "$text" "$work/err" ||
    fail "trine $* does not say '$text': $(cat "$work/err")"
}

head="{'descr': '|i1', 'fortran_order': False, 'shape': (3, 128), }"
# Three steps of zeros: a fake device answers START when all has run.
{
  printf '\223NUMPY\001\000v\000%-117s\n' "$head"
  head -c 384 /dev/zero
} >"$work/x.npy"
run="run $models/vad.tflite --input $work/x.npy --check"
serve
# shellcheck disable=SC2086
{
  runs 1 'trine run --stop-strays' $run --mode helper --cores 2
  runs 0 '' $run --mode helper --cores 2 --stop-strays
  runs 0 '' $run --mode helper --cores 2
}
exec 9>&-
serve
runs 0 '' selftest --stop-strays
exec 9>&-
serve deaf
# shellcheck disable=SC2086
runs 1 'they stay taken until the device is reset' $run --stop-strays
exec 9>&-
wait

for device in sim golden; do
  checks=$((checks + 1))
  # shellcheck disable=SC2086
  said=$("$trine" $run --device $device --stop-strays 2>&1) &&
    fail "$device takes --stop-strays"
  [ "$said" = "trine: --stop-strays needs a device that others use too, uart:PATH or mmio:PATH; \
nothing runs yet on '$device'." ] || fail "of $device: $said"
done
ended
