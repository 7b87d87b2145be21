#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# selftest.sh: a chip that tb/share and tb/wake rewrote has in every cycle the same signals as the
# one that Verilator wrote (build/plain).
#
# Runs on both, with the waveform of all signals: two layers on two cores, and one on both, from the
# end of loading into the third step, so that loading, barriers, rings, streams and waiting are in
# it. Five utterances: what differed by then would not be seen better in 370. Run from the top
# folder after `make wake-test` has built the chips.
set -eu
build=${TRINE_BUILD:-build}
work=$build/wake-test
mkdir -p "$work"
seed=none # nothing here is drawn
echo "seed $seed"

vcd() { # without the date
  fst2vcd "$1" | awk '/^\$(date|version)/ { skip = 1 } !skip { print } /\$end/ { skip = 0 }'
}

# A plain chip that was rewritten would be compared with itself.
if grep -l wake_ "$build"/plain/sim/duo/*.cpp || ! grep -q wake_ "$build"/sim/duo/*DepSet*.cpp; then
  echo "The two chips are not one rewritten and one as Verilator wrote it (was PLAIN set?)." >&2
  exit 1
fi
"$build/tests/npy_head" tests/models/vowels_xq.npy 5 "$work/x.npy"
for mode in helper multithreading; do
  for chips in "$build" "$build/plain"; do
    of=$work/${chips##*/}
    TRINE_LIB_DIR=$chips "$build/trine" run tests/models/vowels.tflite --config duo --cores 2 \
      --mode $mode --input "$work/x.npy" \
      --wave "$work/$mode.fst" --wave-start 19000 --wave-cycles 5000 > "$work/$mode.txt"
    vcd "$work/$mode.fst" > "$of.vcd"
    grep -v -e seconds -e '\.fst' "$work/$mode.txt" > "$of.txt" || :
  done
  changes=$(grep -c '^[01b]' "$of.vcd")
  if [ "$changes" -lt 1000000 ] || ! cmp "$work/${build##*/}.vcd" "$of.vcd" ||
    ! cmp "$work/${build##*/}.txt" "$of.txt"; then
    echo "$mode: a rewritten chip is not what Verilator wrote ($changes changes)." >&2
    exit 1
  fi
  echo "$mode: $changes changes of signals in 5,000 cycles, the same rewritten and plain"
done
