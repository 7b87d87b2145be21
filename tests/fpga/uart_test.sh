#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# uart_test.sh: vowels through the serial line of the simulated FPGA top: ten whole utterances in
# helper on both cores, and again in single, equal to the golden model and to the stored rows.
#
# Needs build/trine, build/fpga/sim/fpga_sim and build/tests/npy_head (make fpga-uart-test). Ends
# within four minutes whatever happens.
set -eu
cd "$(dirname "$0")/../.."

count=10
limit=100 # seconds a mode
work=build/fpga/uart_test
models=tests/models
rm -rf "$work"
mkdir -p "$work"
sim=
stop() { [ -z "$sim" ] || kill "$sim" 2>/dev/null || true; }
trap stop EXIT
trap 'exit 1' INT TERM

echo "no random numbers are used here"
build/tests/npy_head $models/vowels_xq.npy $count $work/x.npy
build/tests/npy_head $models/vowels_tflm.npy $count $work/want.npy

run_mode() { # mode cores
  : >$work/pty # not the terminal of the run before, which is gone
  build/fpga/sim/fpga_sim $limit >>$work/pty 2>$work/sim.log &
  sim=$!
  path=
  for _ in 1 2 3 4 5 6 7 8 9 10; do
    path=$(awk '$1 == "pty" { print $2 }' $work/pty)
    [ -n "$path" ] && break
    sleep 1
  done
  if [ -z "$path" ]; then
    echo "the simulated top gave no terminal within 10 s"
    return 1
  fi
  timeout $limit build/trine run $models/vowels.tflite --input $work/x.npy --output $work/y.npy \
    --device "uart:$path" --mode "$1" --cores "$2" --check
  if ! wait $sim; then
    sim=
    echo "the simulated top ended badly:"
    tail -n 5 $work/sim.log
    return 1
  fi
  sim=
  if ! cmp $work/y.npy $work/want.npy; then
    echo "$1 on $2 cores differs from the stored rows of vowels_tflm.npy"
    return 1
  fi
  echo "$1 on $2: $count utterances equal to vowels_tflm.npy; $(cat $work/sim.log)"
}

run_mode helper 2
run_mode single 1
