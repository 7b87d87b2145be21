#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# ends.sh: inputs and outputs of .tflite models as files have them: the bytes of the reference,
# uint8, several outputs in one .npz, a part of a file, another number of steps. Golden model.
set -u
name=ends
. "$(dirname "$0")/begin.sh"
converted=$models/converted

# runs MODEL.tflite INPUT OUTPUT [OPTIONS]
runs() {
  checks=$((checks + 1))
  model=$1 input=$2 output=$3
  shift 3
  "$trine" run "$model" --input "$input" --output "$output" --device golden "$@" \
    >"$work/out" 2>&1 </dev/null || fail "$model: $(cat "$work/out")"
}

# refuses WORDS ARGUMENTS
refuses() {
  checks=$((checks + 1))
  words=$1
  shift
  "$trine" "$@" >"$work/out" 2>&1 </dev/null && fail "done: trine $*"
  grep -qF -e "$words" "$work/out" || fail "no '$words' in: $(cat "$work/out")"
}

# same A B COUNT: whether the last COUNT bytes of both are the same.
same() {
  tail -c "$3" "$1" >"$work/a"
  [ "$(wc -c <"$work/a")" -eq "$3" ] || fail "$1 has not $3 bytes"
  tail -c "$3" "$2" | cmp -s - "$work/a" || fail "$1 has not the values of $2"
}

while read -r case count; do
  runs "$converted/$case.tflite" "$converted/${case}_x.npy" "$work/$case.npy"
  same "$work/$case.npy" "$converted/${case}_y.npy" "$count"
done <<END
batchnorm_between 10
cell_scale_2_to_minus_16 60
embedding_of_numbers 10
flat_input 10
flatten_all_steps 10
last_two_steps 20
mean_over_time 10
only_intermediate_4_disagrees 60
residual_add 30
tanh_head 10
uint8_input_output 10
END

grep -q '|u1' "$work/uint8_input_output.npy" || fail "the output of a uint8 model is not uint8"
refuses 'The input is uint8 or float32, not int8' \
  run $converted/uint8_input_output.tflite --input $converted/tanh_head_x.npy --device golden
refuses 'The input is int8 or float32, not uint8' run $converted/tanh_head.tflite \
  --input $converted/uint8_input_output_x.npy --device golden
refuses 'the model takes [B, T*2]' run $converted/flat_input.tflite \
  --input $converted/residual_add_x.npy --device golden
refuses 'the model takes 3, as its MEAN is made for that' plan $converted/mean_over_time.tflite \
  --steps 4

lstm=tfl.unidirectional_sequence_lstm
refuses 'the rest of it runs with --inputs' inspect $converted/conv_front.tflite
runs $converted/conv_front.tflite $converted/residual_add_x.npy "$work/cut.npy" --inputs 23
refuses 'which go into one file, --output Y.npz' run $converted/residual_add.tflite \
  --input $converted/residual_add_x.npy --outputs $lstm,StatefulPartitionedCall:0 \
  --output "$work/two.npy" --device golden
runs $converted/residual_add.tflite $converted/residual_add_x.npy "$work/two.npz" \
  --outputs $lstm,StatefulPartitionedCall:0
grep -q "$lstm.npy" "$work/two.npz" || fail "an output is not in the .npz by its name"
runs $converted/residual_add.tflite $converted/residual_add_x.npy "$work/one.npy" --outputs $lstm
[ "$(wc -c <"$work/one.npy")" -eq 188 ] || fail "a part's output has not 5 x 3 x 4 values"
ended
