#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# selftest.sh: a model whose logic sleeps has in every cycle the same signals as one whose logic
# never does.
#
# Runs on both, with the waveform of all signals: two layers on two cores, and one on both, so that
# loading, barriers, rings, streams and waiting are in it. Run from the top folder after `make
# wake-test` has built the models.
set -eu
build=${TRINE_BUILD:-build}
work=$build/wake-test
mkdir -p "$work"
cp "$build/trine" "$build/wake-never/trine"
seed=none # nothing here is drawn
echo "seed $seed"

vcd() { # without the date
  fst2vcd "$1" | awk '/^\$(date|version)/ { skip = 1 } !skip { print } /\$end/ { skip = 0 }'
}

for mode in helper multithreading; do
  for way in . wake-never; do
    "$build/$way/trine" run tests/models/vowels.tflite --config duo --cores 2 --mode $mode \
      --input tests/models/vowels_xq.npy \
      --wave "$work/$mode.fst" --wave-cycles 3000 > "$work/$mode.txt"
    vcd "$work/$mode.fst" > "$work/$way.vcd"
    grep -v -e seconds -e '\.fst' "$work/$mode.txt" > "$work/$way.txt" || :
  done
  changes=$(grep -c '^[01b]' "$work/..vcd")
  if [ "$changes" -lt 50000 ] || ! cmp "$work/..vcd" "$work/wake-never.vcd" ||
    ! cmp "$work/..txt" "$work/wake-never.txt"; then
    echo "$mode: a model whose logic sleeps is not what it would be awake ($changes changes)." >&2
    exit 1
  fi
  echo "$mode: $changes changes of signals in 3,000 cycles, the same asleep and awake"
done
