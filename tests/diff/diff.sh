#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# diff.sh: diff.sh TRINE BROKEN: `trine diff` between the chip and the golden model, where TRINE has
# a whole chip beside it and BROKEN one with a wrong table. No random numbers.
set -u

whole=${1:?trine}
broken=${2:?broken trine}
work=$(dirname "$broken")
graph=tests/onnx/set/torch_stack_old
failures=0
fail() {
  echo "FAIL: $1:"
  cat "$work/out"
  failures=$((failures + 1))
}
diff_of() { # trine: what it prints goes to $work/out
  timeout 60 "$1" diff "$work/model.tflite" --input ${graph}_x.npy --device golden --against sim \
    --config nano --mode helper >"$work/out" 2>&1
}

echo "no random numbers are used here"
"$whole" quantize $graph.onnx --calibrate ${graph}_x.npy -o "$work/model.tflite" >"$work/out" ||
  fail "the model cannot be made"
diff_of "$whole" || fail "a whole chip differs"
grep -q 'all the same' "$work/out" || fail "a whole chip is not said to be the same"
diff_of "$broken"
[ $? = 1 ] || fail "a broken chip does not end with status 1"
grep -q 'values differ, first value [0-9]* of row [0-9]*' "$work/out" ||
  fail "the first value that differs is not named"
grep -q '^sim: Layer .*, sequence [0-9]*, step [0-9]*, .*unit [0-9]*: got' "$work/out" ||
  fail "where the broken chip left the golden model is not named"
cat "$work/out"
echo "diff: $failures failures"
[ $failures = 0 ]
