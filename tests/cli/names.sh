#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# names.sh: what a model calls its parts never reaches a terminal as a command: a model whose names
# hold ESC, BEL, a new line, DEL and a C1 control goes through every command that prints names, and
# each byte of standard output and error is looked at.
set -u
name=names
. "$(dirname "$0")/begin.sh"
set=tests/onnx/set/torch_both_old

# The same model: `/lstm/` is in its names, and six bytes take the place of six.
plain=$set.onnx
nasty=$work/nasty.onnx
before=$(printf '\033\007')
after=$(printf '\177\302\233')
LC_ALL=C sed "s|/lstm/|$before\\
$after|g" "$plain" >"$nasty"
[ "$(wc -c <"$plain")" -eq "$(wc -c <"$nasty")" ] || fail "the names have not the length they had"
LC_ALL=C grep -q "$before" "$nasty" || fail "the model has no names to try"

# shown CODE ARGUMENTS: the exit code, and no control in what is printed, of both streams. The
# arguments have MODEL for the model; with the plain one there must be as many lines.
shown() {
  code=$1
  shift
  checks=$((checks + 1))
  for model in "$plain" "$nasty"; do
    command=$(echo "$*" | sed "s|MODEL|$model|g")
    # shellcheck disable=SC2086
    "$trine" $command >"$work/out" 2>&1 </dev/null
    got=$?
    [ "$got" -eq "$code" ] || fail "exit $got instead of $code: trine $command: $(cat "$work/out")"
    [ "$model" = "$plain" ] && lines=$(wc -l <"$work/out")
  done
  [ -s "$work/out" ] || fail "nothing is printed: trine $command"
  [ "$(wc -l <"$work/out")" -eq "$lines" ] || fail "a name made a line of its own: trine $command"
  tr -d '\n\t' <"$work/out" | LC_ALL=C grep -q '[[:cntrl:]]' && fail "a control: trine $command"
  LC_ALL=C grep -q "$(printf '\302\233')" "$work/out" && fail "a C1 control: trine $command"
  LC_ALL=C grep -q '????' "$work/out" || fail "no name was printed: trine $command"
}

shown 0 inspect MODEL
shown 0 inspect MODEL --json
shown 0 quantize MODEL --calibrate "${set}_x.npy" -o "$work/made.tflite"
shown 0 diff MODEL "$work/made.tflite" --input "${set}_x.npy"
shown 1 inspect MODEL --outputs "$(printf '\033\007\302\233\177')"
"$trine" quantize "$nasty" --calibrate "${set}_x.npy" -o "$work/nasty.tflite" >/dev/null ||
  fail "the model with these names cannot be quantised"
cp "$work/nasty.tflite" "$work/plain.tflite"
plain=$work/plain.tflite nasty=$work/nasty.tflite
shown 0 inspect MODEL
shown 0 inspect MODEL --json
shown 1 run MODEL --input "$work/no$(printf '\033\007\302\233\177').npy" --device golden

ended
