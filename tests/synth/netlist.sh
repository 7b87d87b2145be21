#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# netlist.sh: netlist.sh FOLDER: five utterances of vowels on the synthesised chip in FOLDER (a copy
# of trine beside the library of the netlist), in single, helper and multithreading.
#
# Outputs are compared with the golden model (--check) and with the stored results of the
# interpreter, and the final h and c of each layer with those of the golden model: one wrong bit in
# the low end of a cell state may never reach an output of a short run.
set -eu
cd "$(dirname "$0")/../.."

folder=${1:?folder}
count=5
models=tests/models
work=$folder/run
mkdir -p "$work"

echo "no random numbers are used here"
build/tests/npy_head $models/vowels_xq.npy $count "$work/x.npy"
build/tests/npy_head $models/vowels_tflm.npy $count "$work/want.npy"

if ! build/trine run $models/vowels.tflite --input "$work/x.npy" --config ulx3s --device golden \
  --state-out "$work/want.npz" >"$work/golden.log"; then
  echo "the golden model does not run"
  exit 1
fi

run_mode() { # mode cores
  rm -f "$work/y.npy" "$work/s.npz"
  if ! "$folder/trine" run $models/vowels.tflite --input "$work/x.npy" --output "$work/y.npy" \
    --config ulx3s --mode "$1" --cores "$2" --check --state-out "$work/s.npz" \
    >"$work/$1.log" 2>&1; then
    cat "$work/$1.log"
    echo "$1 on $2: the netlist does not give the bits of the golden model"
    return 1
  fi
  if ! cmp "$work/y.npy" "$work/want.npy"; then
    echo "$1 on $2: the netlist differs from the stored rows of vowels_tflm.npy"
    return 1
  fi
  if ! cmp "$work/s.npz" "$work/want.npz"; then
    echo "$1 on $2: final h or c of the netlist differ from the golden model"
    return 1
  fi
  echo "$1 on $2: $count utterances equal to the golden model, h and c too, and to vowels_tflm.npy"
}

failed=0
run_mode single 1 || failed=1
run_mode helper 2 || failed=1
run_mode multithreading 2 || failed=1
exit $failed
