#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# models.sh: `trine quantize` on the trained networks and the graphs of tests/onnx/set, into FOLDER.
set -eu
cd "$(dirname "$0")/../.."
folder=$1
trine=${TRINE_BUILD:-build}/trine
mkdir -p "$folder"
trained=tests/models/onnx

make_one() { # NAME ARGUMENTS...: one model, its report beside it
  name=$1
  shift
  "$trine" quantize "$@" -o "$folder/$name.tflite" >"$folder/$name.txt"
}

for name in vowels bidi; do
  make_one $name $trained/$name.onnx --calibrate $trained/vowels_calib.npy \
    --lengths $trained/vowels_calib_len.npy --labels $trained/vowels_calib_y.npy
done
for name in chars stack4; do
  make_one $name $trained/$name.onnx --calibrate $trained/chars_calib.npy --steps 16 \
    --labels $trained/chars_calib_y.npy
done
for data in tests/onnx/set/*_x.npy; do
  name=$(basename "$data" _x.npy)
  graph=tests/onnx/set/$name.onnx
  set -- --calibrate "$data"
  [ -f "${data%_x.npy}_len.npy" ] && set -- "$@" --lengths "${data%_x.npy}_len.npy"
  make_one "graph_$name" "$graph" "$@"
done
"$trine" make --layers 40-96-96 -o "$folder/made_stack.tflite" >"$folder/made_stack.txt"
"$trine" make --layers 17-33-5-64 --dense 10 --bidirectional --seed 3 --steps 7 \
  -o "$folder/made_both.tflite" >"$folder/made_both.txt"
for data in tests/onnx/corpus/*/input.npy; do
  folder_of=$(dirname "$data")
  set -- --calibrate "$data"
  [ -f "$folder_of/lens.npy" ] && set -- "$@" --lengths "$folder_of/lens.npy"
  "$trine" inspect "$folder_of/model.onnx" >/dev/null 2>&1 || continue # two are there to be refused
  make_one "corpus_$(basename "$folder_of")" "$folder_of/model.onnx" "$@"
done
for data in tests/reroll/set/*_x.npy; do
  graph=${data%_x.npy}.tflite
  [ -f "$graph" ] || continue
  set -- --calibrate "$data"
  for more in "${data%.npy}"[2-9].npy; do # further inputs, in the file's order
    [ ! -f "$more" ] || set -- "$@" --calibrate "$more"
  done
  make_one "reroll_$(basename "$data" _x.npy)" "$graph" "$@"
done
echo "$(find "$folder" -name '*.tflite' | wc -l) models in $folder"
