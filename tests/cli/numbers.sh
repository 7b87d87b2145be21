#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# numbers.sh: numbers that no byte can stand for are refused with their place before anything is
# written; what a range clamps, and what calibration data leave in doubt, is said in a line.
set -u
name=numbers
. "$(dirname "$0")/begin.sh"
onnx=tests/onnx/set/torch_both_old

# put NUMBER BYTES FROM TO: a copy of an array of float32 in which one number has these bytes.
put() {
  cp "$3" "$4"
  chmod u+w "$4"
  # shellcheck disable=SC2059
  printf "$2" | dd of="$4" bs=4 seek=$((32 + $1)) conv=notrunc 2>/dev/null
}
nan='\000\000\300\177' infinite='\000\000\200\177' huge='\000\000\200\117'

# refuses WORDS -- ARGUMENTS: exit code 1, one line on stderr with these words.
refuses() {
  words=$1
  shift 2
  checks=$((checks + 1))
  "$trine" "$@" >"$work/out" 2>"$work/err" </dev/null
  got=$?
  [ "$got" -eq 1 ] || fail "exit $got instead of 1: trine $*"
  [ "$(wc -l <"$work/err")" -eq 1 ] || fail "not one line on stderr: trine $*"
  grep -q -- "$words" "$work/err" || fail "no '$words' in '$(cat "$work/err")': trine $*"
}

# says WORDS -- ARGUMENTS: exit code 0, one line on stdout with these words.
says() {
  words=$1
  shift 2
  checks=$((checks + 1))
  "$trine" "$@" >"$work/out" 2>"$work/err" </dev/null || fail "trine $*: $(cat "$work/err")"
  [ "$(grep -c -- "$words" "$work/out")" -eq 1 ] || fail "no '$words' in '$(cat "$work/out")'"
}

run="run $models/vowels.tflite --device golden --output $work/y.npy --input"
x=$models/vowels_x.npy # [370,29,12]
echo before >"$work/y.npy"
put 378 "$nan" "$x" "$work/nan.npy"       # of row 31: sequence 1, step 2, value 6
put 348 "$infinite" "$x" "$work/inf.npy"  # of row 29: sequence 1, step 0, value 0
# shellcheck disable=SC2086
refuses "NaN in sequence 1, step 2, value 6" -- $run "$work/nan.npy"
# shellcheck disable=SC2086
refuses "infinite in sequence 1, step 0, value 0" -- $run "$work/inf.npy"
"$trine" compile $models/vowels.tflite -o "$work/v.trn" >"$work/out" || fail "no image"
run_image="run $work/v.trn --output $work/y.npy --input"
# shellcheck disable=SC2086
refuses "NaN in sequence 1, step 2, value 6" -- $run_image "$work/nan.npy"
# shellcheck disable=SC2086
refuses "infinite in sequence 1, step 0, value 0" -- $run_image "$work/inf.npy"
[ "$(cat "$work/y.npy")" = before ] || fail "a refused run has written its output"
put 347 "$nan" "$x" "$work/behind.npy" # of row 28, behind the length of sequence 0
says "golden model" -- run "$models/vowels.tflite" --device golden --input "$work/behind.npy" \
  --lengths "$models/vowels_len.npy"
# shellcheck disable=SC2086
says "cycles" -- $run_image "$work/behind.npy" --lengths "$models/vowels_len.npy"
put 0 "$huge" "$x" "$work/huge.npy"
# shellcheck disable=SC2086
says "golden model" -- $run "$x"
clamped=$(sed -n 's/^  input: \([0-9,]*\) of .*/\1/p' "$work/out" | tr -d ,)
# shellcheck disable=SC2086
says "input: $((${clamped:-0} + 1)) of 128,760 values (.* %) are outside of" -- \
  $run "$work/huge.npy"
# shellcheck disable=SC2086
says "\"input_clamped\":	$((${clamped:-0} + 1))" -- $run "$work/huge.npy" --json

quantize="quantize $onnx.onnx -o $work/made.tflite --calibrate"
echo before >"$work/made.tflite"
put 1 "$nan" "${onnx}_x.npy" "$work/nan.npy"
# shellcheck disable=SC2086
refuses "NaN in sequence" -- $quantize "$work/nan.npy"
[ "$(cat "$work/made.tflite")" = before ] || fail "a refused model has been written"
header="{'descr': '<f4', 'fortran_order': False, 'shape': (2, 5, 3), }"
{
  printf '\223NUMPY\001\000v\000%-117s\n' "$header"
  head -c 120 /dev/zero
} >"$work/zero.npy"
# shellcheck disable=SC2086
says "note: the calibration data are all zero" -- $quantize "$work/zero.npy"

printf '\223NUMPY\001\000v\000%-117s\n' \
  "{'descr': '<i4', 'fortran_order': False, 'shape': (0,), }" >"$work/none.npy"
refuses "holds int32 \[0\]; the lengths have to be int32" -- \
  plan "$models/vowels.tflite" --lengths "$work/none.npy"
refuses "holds int32 \[0\]; the lengths have to be int32 \[370\]" -- \
  run "$models/vowels.tflite" --device golden --input "$x" --lengths "$work/none.npy"
refuses "holds int32 \[0\]; the lengths have to be int32" -- \
  quantize "$onnx.onnx" -o "$work/made.tflite" --calibrate "${onnx}_x.npy" \
  --lengths "$work/none.npy"

ended
