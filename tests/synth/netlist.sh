#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# netlist.sh: netlist.sh FOLDER CONFIG: three utterances on the synthesised chip of CONFIG in FOLDER
# (a copy of trine beside the library of the netlist): of vowels in single, helper and
# multithreading; of bidi in single, where there is one core.
#
# Outputs are compared with the golden model (--check) and with the stored results of the
# interpreter, and the final h and c of each layer with those of the golden model: one wrong bit in
# the low end of a cell state may never reach an output of a short run.
set -eu
cd "$(dirname "$0")/../.."

folder=${1:?folder}
config=${2:?configuration}
count=3
network=vowels
cores=$(sh sw/tools/config.sh value "$config" Cores)
[ "$cores" -gt 1 ] || network=bidi
models=tests/models
work=$folder/run
mkdir -p "$work"

echo "registers and RAMs start with random values (seed 1)"
build/tests/npy_head $models/vowels_xq.npy $count "$work/x.npy"
build/tests/npy_head $models/${network}_tflm.npy $count "$work/want.npy"

if ! build/trine run $models/$network.tflite --input "$work/x.npy" --config "$config" \
  --device golden --state-out "$work/want.npz" >"$work/golden.log"; then
  echo "the golden model does not run"
  exit 1
fi

run_mode() { # mode cores: one line of what came out
  mine=$work/$1
  rm -f "$mine.npy" "$mine.npz"
  if ! "$folder/trine" run $models/$network.tflite --input "$work/x.npy" --output "$mine.npy" \
    --config "$config" --mode "$1" --cores "$2" --check --state-out "$mine.npz" \
    >"$mine.log" 2>&1; then
    cat "$mine.log"
    echo "$1 on $2: the netlist does not give the bits of the golden model"
    return 1
  fi
  if ! cmp "$mine.npy" "$work/want.npy"; then
    echo "$1 on $2: the netlist differs from the stored rows of ${network}_tflm.npy"
    return 1
  fi
  if ! cmp "$mine.npz" "$work/want.npz"; then
    echo "$1 on $2: final h or c of the netlist differ from the golden model"
    return 1
  fi
  echo "$1 on $2: $count utterances equal to golden model, h and c too, and to ${network}_tflm.npy"
}

# The longest beside the two others, for two processors.
failed=0
run_mode single 1 >"$work/said" 2>&1 &
beside=$!
if [ "$cores" -gt 1 ]; then
  run_mode helper 2 || failed=1
  run_mode multithreading 2 || failed=1
fi
wait $beside || failed=1
cat "$work/said"
exit $failed
