#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# cli.sh: the command `trine` from outside: bad input gets one sentence and the right exit code and
# loses nothing; good input gives the same bytes on every device and a report with all its keys.
set -u
name=cli
. "$(dirname "$0")/begin.sh"

# refuses CODE WORDS -- ARGUMENTS: exit code CODE, nothing on stdout, and one sentence on stderr
# that holds WORDS.
refuses() {
  code=$1
  words=$2
  shift 3
  checks=$((checks + 1))
  "$trine" "$@" >"$work/out" 2>"$work/err" </dev/null
  got=$?
  [ "$got" -eq "$code" ] || fail "exit $got instead of $code: trine $*"
  [ -s "$work/out" ] && fail "something on stdout: trine $*"
  [ "$(wc -l <"$work/err")" -eq 1 ] || fail "not one line on stderr: trine $*"
  grep -q -- "$words" "$work/err" || fail "no '$words' in '$(cat "$work/err")': trine $*"
}

# works ARGUMENTS: exit code 0 and nothing on stderr.
works() {
  checks=$((checks + 1))
  "$trine" "$@" >"$work/out" 2>"$work/err" </dev/null ||
    fail "exit $?: trine $*: $(cat "$work/err")"
  [ -s "$work/err" ] && fail "something on stderr: trine $*: $(cat "$work/err")"
}

same() {
  checks=$((checks + 1))
  cmp -s "$1" "$2" || fail "$1 and $2 differ"
}

# npy FILE TYPE SHAPE BYTES: an array of zeros.
npy() {
  header="{'descr': '$2', 'fortran_order': False, 'shape': ($3), }"
  {
    printf '\223NUMPY\001\000v\000%-117s\n' "$header"
    head -c "$4" /dev/zero
  } >"$1"
}

vad=$models/vad.tflite
vad_x=$models/vad_xq.npy
small=$work/small.npy
npy "$small" '|i1' '3, 128' 384
golden="--device golden"

# --- usage ---
refuses 2 "no command 'walk'" -- walk
refuses 2 "needs a model" -- run
refuses 2 "needs a model" -- run "$vad"
refuses 2 "no option '--fast'" -- run "$vad" --input "$vad_x" --fast
refuses 2 "needs a value" -- run "$vad" --input
refuses 2 "not the option '--check'" -- run "$vad" --input --check
refuses 2 "no mode 'turbo'" -- run "$vad" --input "$vad_x" --mode turbo
refuses 2 "no configuration 'trio'" -- run "$vad" --input "$vad_x" --config trio
refuses 2 "no device 'cloud'" -- run "$vad" --input "$vad_x" --device cloud
refuses 2 "3 cores were asked for; configuration duo has 2" -- run "$vad" --input "$vad_x" --cores 3
refuses 2 "not 'many'" -- run "$vad" --input "$vad_x" --cores many
refuses 2 "from 1 to 16" -- run "$vad" --input "$vad_x" --cores 0
refuses 2 "runs on one core, not on 2" -- run "$vad" --input "$vad_x" --mode single --cores 2
refuses 2 "not available" -- run "$vad" --input "$vad_x" --trace t.json
refuses 2 "MODEL.tflite:INPUT.npy:OUTPUT.npy" -- run --job "$vad"
refuses 2 "With --job" -- run "$vad" --job "$vad:$vad_x:y.npy"
refuses 2 "One model at a time" -- run "$vad" "$vad" --input "$vad_x"
refuses 2 "needs the simulated device" -- run "$vad" --input "$vad_x" --device golden --wave w.fst

# --- files ---
head -c 2000 "$vad" >"$work/short.tflite"
head -c 2000 /dev/zero >"$work/zeros.tflite"
: >"$work/empty.tflite"
cp "$vad_x" "$work/array.tflite"
refuses 1 "nowhere.tflite" -- run $work/nowhere.tflite --input "$vad_x" $golden
for bad in short zeros empty array; do
  refuses 1 "$bad.tflite" -- run "$work/$bad.tflite" --input "$vad_x" $golden
  refuses 1 "$bad.tflite" -- inspect "$work/$bad.tflite"
done
head -c 200 "$vad_x" >"$work/short.npy"
npy "$work/type.npy" '<i4' '3, 128' 1536
npy "$work/double.npy" '<f8' '3, 128' 3072
npy "$work/width.npy" '|i1' '3, 127' 381
npy "$work/rank.npy" '|i1' '1, 1, 3, 128' 384
npy "$work/none.npy" '|i1' '0, 128' 0
refuses 1 "nowhere.npy" -- run "$vad" --input $work/nowhere.npy $golden
refuses 1 "short.npy" -- run "$vad" --input $work/short.npy $golden
refuses 1 "int32" -- run "$vad" --input $work/type.npy $golden
works run "$vad" --input $work/double.npy $golden
refuses 1 "127" -- run "$vad" --input $work/width.npy $golden
refuses 1 "rank.npy: the input has shape \[1, 1, 3, 128\]" -- \
  run "$vad" --input $work/rank.npy $golden
refuses 1 "none.npy: the input has shape \[0, 128\]" -- run "$vad" --input $work/none.npy $golden

npy "$work/lengths.npy" '<i4' '1,' 4
npy "$work/lengths2.npy" '<i4' '2,' 8
npy "$work/lengths8.npy" '|i1' '1,' 1
refuses 1 "outside 1 to 3" -- run "$vad" --input "$small" --lengths $work/lengths.npy $golden
refuses 1 "int32 \[1\]" -- run "$vad" --input "$small" --lengths $work/lengths2.npy $golden
refuses 1 "int32 \[1\]" -- run "$vad" --input "$small" --lengths $work/lengths8.npy $golden
refuses 1 "nowhere.npz" -- run "$vad" --input "$small" --state-in $work/nowhere.npz $golden
refuses 1 "short.npy" -- run "$vad" --input "$small" --state-in $work/short.npy $golden

# --- devices and limits ---
away=$(mktemp -d) # no model library is near a program there
cp build/trine "$away/trine"
trine=$away/trine
refuses 1 "make build CONFIG=octo-xl" -- run "$vad" --input "$small" --config octo-xl
refuses 1 "no libtrine_sim_octo-xl.so in $away, ${away%/*}" -- run "$vad" --input "$small" \
  --config octo-xl
TRINE_LIB_DIR=$work
export TRINE_LIB_DIR
refuses 1 "no chip libtrine_sim_duo.so in $work, which TRINE_LIB_DIR names" -- run "$vad" \
  --input "$small"
TRINE_LIB_DIR=build
works run "$vad" --input "$small"
unset TRINE_LIB_DIR
trine=build/trine
rm -r "$away"
refuses 1 "does not answer" -- run "$vad" --input "$small" --device uart:$work/nowhere
refuses 1 "cannot be used" -- run "$vad" --input "$small" --device mmio:$work/nowhere
refuses 1 "3 jobs need a core each; there are 2" -- run --job "$vad:$small:" --job "$vad:$small:" \
  --job "$vad:$small:"
works inspect $models/chars.tflite --config nano
grep -q "256 units; configuration nano has at most 128" "$work/out" ||
  fail "inspect does not say why chars does not fit nano"

# --- outputs that cannot be written: the old file stays ---
echo old >"$work/old"
refuses 1 "no writable folder" -- run "$vad" --input "$small" --output $work/nowhere/y.npy $golden
refuses 1 "is a folder" -- run "$vad" --input "$small" --output $work $golden
refuses 1 "no writable folder" -- run "$vad" --input "$small" --state-out $work/nowhere/s.npz \
  $golden
refuses 1 "cannot be written" -- run "$vad" --input "$small" --wave $work/nowhere/w.fst
refuses 1 "127" -- run "$vad" --input $work/width.npy --output "$work/old" $golden
[ "$(cat "$work/old")" = old ] || fail "a failed run replaced its output"

# --- what works gives the same bytes everywhere ---
works run "$vad" --input "$small" --output $work/golden.npy --state-out $work/golden.npz $golden
for mode in single helper auto; do
  works run "$vad" --input "$small" --output $work/$mode.npy --state-out $work/$mode.npz \
    --mode $mode --check
  same $work/golden.npy $work/$mode.npy
  same $work/golden.npz $work/$mode.npz
done
refuses 1 "layer" -- run "$vad" --input "$small" --mode multithreading
works run --job "$vad:$small:$work/a.npy" --job "$vad:$small:$work/b.npy" --check
same $work/golden.npy $work/a.npy
same $work/golden.npy $work/b.npy
works run "$vad" --input "$small" --state-in $work/golden.npz --state-out $work/next.npz --check
works run "$vad" --input "$small" --state-in $work/golden.npz --state-out $work/next2.npz $golden
same $work/next.npz $work/next2.npz

# SOFTMAX and ARG_MAX behind a network: numbers come out, whatever the input's type.
heads=$(sh tests/support/find_model.sh tests/heads/set '  input [^~]* int8, ' \
  '  host    SOFTMAX~  host    ARG_MAX~  output [^~]* int32, width 1, \[B,T\]~') ||
  fail "no model of places"
width=$("$trine" inspect "$heads" | sed -n 's/^  input .* int8, width \([0-9]*\),.*/\1/p')
npy "$work/heads.npy" '|i1' "3, $width" $((3 * width))
npy "$work/heads_float.npy" '<f4' "3, $width" $((12 * width))
works inspect $heads
grep -q "host    SOFTMAX" "$work/out" || fail "inspect does not name SOFTMAX"
grep -q "arg_max .*int32, width 1, \[B,T\]" "$work/out" || fail "inspect does not say int32"
works run $heads --input $work/heads.npy --output $work/place.npy $golden
head -n 1 "$work/place.npy" | grep -q -a "'<i4'.*'shape': (3,)" || fail "places are not int32 [3]"
works run $heads --input $work/heads.npy --output $work/place2.npy --mode helper --check
grep -q "exact: 3 values" "$work/out" || fail "--check does not compare places"
same $work/place.npy $work/place2.npy
works run $heads --input $work/heads_float.npy --output $work/place3.npy $golden
head -n 1 "$work/place3.npy" | grep -q -a "'<i4'" || fail "places of a float input are not int32"

# Two outputs of one name: an array each.
alike=$(sh tests/support/find_model.sh tests/conformance/operators \
  '^[^~]*steps~  input [^~]* width 1, [^~]*\[B,T\]~  [^i]' \
  '~  output  ([^ ]+) [^~]*~  output  \1 ') || fail "no outputs of one name"
steps=$("$trine" inspect "$alike" | sed -n '1s/.*, \([0-9]*\) steps.*/\1/p')
tensor=$("$trine" inspect "$alike" | sed -n 's/^  output  \([^ ]*\) .*/\1/p' | head -n 1)
npy "$work/alike.npy" '|i1' "1, $steps" "$steps"
works run "$alike" --input "$work/alike.npy" --output "$work/alike.npz" $golden
grep -a -q "$tensor\.npy" "$work/alike.npz" && grep -a -q "${tensor}_1\.npy" "$work/alike.npz" ||
  fail "outputs of one name are not two arrays"

# --- states as objects: streams of a batch picked out, forked and moved ---
vowels=$models/vowels.tflite
npy "$work/all.npy" '|i1' '370, 2, 12' 8880
npy "$work/three.npy" '|i1' '3, 2, 12' 72
npy "$work/one.npy" '|i1' '2, 12' 24
works run $vowels --input $models/vowels_xq.npy --state-out $work/all.npz $golden
works run $vowels --input $work/all.npy --state-in $work/all.npz --output $work/all_y.npy $golden
works state $vowels --from $work/all.npz:200,7,200 --output $work/three.npz
grep -q "streams 3, not begun 0" "$work/out" || fail "state does not count its streams"
for row in 200 7 200; do
  tail -c +$((129 + row * 18)) $work/all_y.npy | head -c 18
done >"$work/rows"
for mode in helper multithreading; do
  works run $vowels --input $work/three.npy --state-in $work/three.npz --mode $mode --check \
    --output $work/three_y.npy
  tail -c +129 $work/three_y.npy | cmp -s - "$work/rows" || fail "picked streams go on otherwise"
done
works state $vowels --from $work/all.npz --output $work/copy.npz
same $work/all.npz $work/copy.npz
works state $vowels --from new:3 --output $work/new.npz
works run $vowels --input $work/three.npy --state-in $work/new.npz --output $work/n1.npy $golden
works run $vowels --input $work/three.npy --output $work/n2.npy $golden
same $work/n1.npy $work/n2.npy
works state $vowels --from $work/three.npz:1 --from new:2
grep -q "streams 3, not begun 2" "$work/out" || fail "state does not tell begun streams"
refuses 1 "streams 0 to 2, not '3'" -- state $vowels --from $work/three.npz:3
refuses 1 "streams 0 to 2, not ''" -- state $vowels --from $work/three.npz:1,
refuses 1 "streams 0 to 2, not '1x'" -- state $vowels --from $work/three.npz:1x
refuses 1 "from 1 to 65536, not '0'" -- state $vowels --from new:0
refuses 1 "at most 65536" -- state $vowels --from new:65536 --from new
refuses 1 "h0 has shape \[3,64\]; it has to be \[B,128\]" -- state "$vad" --from $work/three.npz
heads=$(sh tests/support/find_model.sh tests/heads/set ' 0 MACs a step') || fail "no lone head"
refuses 1 "has no LSTM" -- state "$heads" --from new
refuses 1 "nowhere" -- state $vowels --from $work/nowhere.npz
refuses 1 "nowhere" -- state $vowels --from new --output $work/nowhere/s.npz
refuses 2 "state needs a model" -- state $vowels
refuses 2 "no option '--input'" -- state $vowels --from new --input "$small"
refuses 1 "states of 3 sequences; the input has 1" -- run $vowels --input $work/one.npy \
  --state-in $work/three.npz $golden

# --- reports ---
works run "$vad" --input "$small" --json --check
for key in config cores macs_per_core mode placement steps batch cycles load_cycles macs \
  limit_cycles utilisation lost predicted_cycles exact; do
  grep -q "\"$key\":" "$work/out" || fail "--json has no $key"
done
[ "$(head -c 1 "$work/out")" = "{" ] && [ "$(tail -n 1 "$work/out")" = "}" ] ||
  fail "--json prints something besides its object"
works run --json --job "$vad:$small:" --job "$vad:$small:"
[ "$(grep -c '"predicted_cycles":' "$work/out")" -eq 2 ] || fail "--json has not two jobs"
works run "$vad" --input "$small" --mode single --wave $work/w.fst --wave-cycles 100
[ -s $work/w.fst ] || fail "there is no waveform"
works inspect "$vad" --json
# What is predicted is what is measured, to the cycle or nearly so; the list has the best first.
works run "$vad" --input "$small" --json
measured=$(sed -n 's/.*"cycles":[^0-9]*\([0-9]*\),$/\1/p' "$work/out" | head -n 1)
predicted=$(sed -n 's/.*"predicted_cycles":[^0-9]*\([0-9]*\).*/\1/p' "$work/out")
[ "${measured:-0}" -gt 0 ] && [ "${predicted:-0}" -gt 0 ] || fail "--json has no cycles to compare"
off=$((measured - predicted))
[ $((off * off * 2500)) -le $((measured * measured)) ] ||
  fail "predicted $predicted cycles, measured $measured: more than 2 % off"
works plan "$vad" --config octo --steps 20 --batch 2
again=$(awk '/when the same run is repeated/ {print $1}' "$work/out")
sed -n '3,$p' "$work/out" | awk '!/repeated/ {print $1}' >"$work/cycles"
[ "${again:-0}" -gt 0 ] && [ "$again" -lt "$(head -n 1 "$work/cycles")" ] ||
  fail "plan says ${again:-nothing} of a repeated run"
sort -c -n "$work/cycles" || fail "the best plan is not first"
[ "$(wc -l <"$work/cycles")" -ge 10 ] || fail "plan lists only $(wc -l <"$work/cycles") plans"
grep -q helper "$work/out" || fail "plan does not list helper cores"
works plan "$vad" --config duo --json
[ "$(grep -c '"speed_up":' "$work/out")" -ge 2 ] || fail "plan --json lists less than two plans"
works plan $vowels --lengths $models/vowels_len.npy --cores 2
grep -q "370 x 29 steps at most, 5687 in all" "$work/out" || fail "plan does not take lengths"
predicted=$(awk 'NR == 3 {print $1}' "$work/out")
works run $vowels --input $models/vowels_xq.npy --lengths $models/vowels_len.npy
measured=$(sed -n 's/^  cycles \([0-9,]*\),.*/\1/p' "$work/out" | tr -d ,)
# A set-up has the lengths of all sequences, in TABLEs that every START from scratch reads twice.
[ $((measured - predicted)) -le 1000 ] && [ "$measured" -ge "$predicted" ] ||
  fail "plan says $predicted cycles for these lengths, run takes $measured with its set-up"
refuses 1 "int32 \[3\]" -- plan $vowels --lengths $models/vowels_len.npy --batch 3
refuses 1 "outside 1 to 4" -- plan $vowels --lengths $models/vowels_len.npy --steps 4
refuses 1 "int8" -- plan $vowels --lengths "$small"
refuses 2 "needs a model" -- plan
refuses 2 "no option '--steps'" -- run "$vad" --input "$small" --steps 3
refuses 2 "takes a number" -- plan "$vad" --batch 0
refuses 2 "configuration duo has 2" -- plan "$vad" --cores 3
works info --json
works info --config quad
works selftest
for one in run plan inspect info selftest state; do
  works $one --help
  cp "$work/out" "$work/help"
  works help $one
  same "$work/out" "$work/help"
  head -n 1 "$work/help" | grep -q "^trine $one " || fail "the help of $one is of something else"
  [ "$(wc -l <"$work/help")" -ge 6 ] || fail "the help of $one says little"
done
works run --help
sed -n 's/^| \(`--[^|]*\) | .*/\1/p' docs/cli.md | grep -o -- '--[a-z-]*' >"$work/options"
[ "$(wc -l <"$work/options")" -ge 13 ] || fail "the table of options of docs/cli.md was not found"
for option in $(cat "$work/options"); do
  grep -q -e "$option" "$work/out" || fail "run --help does not name $option"
done
works --help
grep -q '^trine selftest' "$work/out" || fail "--help does not list the commands"
refuses 2 "no command 'quantise'" -- quantise --help

# Placements of one's own: any slices of any layer on any cores.
works run $vowels --input $work/one.npy --place 0:48+1:16,0+1,1 --check
grep -q 'lstm0/y .* on rank 0 (units 0..47) rank 1 (units 48..63)' "$work/out" ||
  fail "run --place does not slice as it was told"
grep -q 'mode hybrid on 2 of 2' "$work/out" || fail "run --place does not tell its mode"
works run $vowels --input $work/one.npy --place 0,0,0+1 --check
grep -q 'fc/y .* on rank 0 (units 0..7) rank 1 (units 8..8)' "$work/out" ||
  fail "run --place does not share whole row groups"
works run $vowels --input $work/one.npy --place 1,0,1 --check
grep -q 'mode multithreading' "$work/out" || fail "whole layers on two cores are multithreading"
works plan $vowels --place 0,1,1 --json
refuses 1 "names 2 layers, the model has 3" -- plan $vowels --place 0,1
refuses 1 "',1' comes after the last of the 3 layers" -- plan $vowels --place 0,1,1,1
refuses 1 "'2' does not begin with a core from 0 to 1" -- plan $vowels --place 0,1,2
refuses 1 "core 0 takes 1 to 64 units, not '65,1,1'" -- plan $vowels --place 0:65,1,1
refuses 1 "core 0 gets 3 of the 64 units left; a slice is a multiple of 2" -- \
  plan $vowels --place 0:3+1:61,1,1
refuses 1 "its cores have 62 units, it has 64" -- plan $vowels --place 0:32+1:30,1,1
refuses 1 "ascending order" -- plan $vowels --place 1+0,1,1
refuses 1 "all with units or none" -- plan $vowels --place 0:32+1,1,1
refuses 2 "without --job, --cores and --mode" -- plan $vowels --place 0,1,1 --cores 2

# quantize and diff: a small graph, and what is wrong is said before anything is written.
graph=tests/onnx/set/symbols
works quantize $graph.onnx --calibrate ${graph}_x.npy -o "$work/q.tflite"
grep -q "is rows of $work/q_embedding.npy" "$work/out" || fail "quantize does not name its rows"
works diff $graph.onnx "$work/q.tflite" --input ${graph}_x.npy
works inspect "$work/q.tflite"
[ -s "$work/q_embedding.npy" ] || fail "no table beside the quantised model"
works quantize tests/onnx/set/both_states.onnx --calibrate tests/onnx/set/both_states_x.npy \
  --inputs t --outputs y4 --per-row -o "$work/cut.tflite"
works inspect $models/onnx/silero_vad_16k_sequence.onnx --inputs /Transpose_output_0 \
  --outputs /recurrent/LSTM_output_0
grep -q 'LSTM .*128-128, 131584 weights, 131072 MACs a step, state from h$' "$work/out" ||
  fail "inspect does not say what is cut out of an .onnx"
works inspect $models/onnx/stack4.onnx
[ "$(grep -c 'state from h0$' "$work/out")" = 4 ] || fail "inspect does not name the input h0"
grep -q 'tokens .*symbols, \[B,T\]' "$work/out" || fail "inspect does not say what symbols are"
works inspect tests/reroll/set/while_flat.tflite
grep -q ' width 1, \[B,T\]' "$work/out" || fail "inspect does not say that an input is flat"
works inspect tests/reroll/onnx/part_conv.onnx --inputs conv_1_0
grep -q ' width 4, \[B,I,T\]' "$work/out" || fail "inspect does not say that steps are last"
works inspect $graph.onnx --json
grep -q '"kind":.*"LSTM"' "$work/out" || fail "inspect --json of an .onnx has no LSTM"
unrolled=tests/reroll/onnx/concat_last
works quantize $unrolled.onnx --calibrate ${unrolled}_x.npy -o "$work/unrolled.tflite"
grep -q "7 steps of one LSTM 3-6 put together again (unrolled in the file)" "$work/out" ||
  fail "quantize does not say which unrolled cell it found"
refuses 1 'Pad): this operator is not done; the rest of it runs with --inputs' -- \
  inspect $models/onnx/silero_vad_16k_sequence.onnx
refuses 1 "has no tensor 'nobody'" -- inspect "$vad" --inputs nobody
graph_x=tests/onnx/set/learned_states_x.npy
works quantize tests/onnx/set/learned_states.onnx --calibrate $graph_x -o "$work/learned.tflite"
works run "$work/learned.tflite" --input $graph_x --state-in "$work/learned_state.npz" --check
cp "$work/q.tflite" "$work/old.tflite"
# Several inputs, by name in any order, or in that of the model.
two=tests/onnx/cases/second_input_features
works quantize $two/model.onnx --calibrate x=$two/input1.npy --calibrate site=$two/input.npy \
  -o "$work/two.tflite"
works run "$work/two.tflite" $golden --input x=$two/input1.npy --input $two/input.npy \
  --output "$work/by_name.npy"
works run "$work/two.tflite" --device sim --check --input $two/input.npy --input $two/input1.npy \
  --output "$work/in_order.npy"
same "$work/by_name.npy" "$work/in_order.npy"
refuses 1 "'x' has no file" -- run "$work/two.tflite" --input $two/input.npy $golden
refuses 1 '3 files; the model has 2 inputs' -- run "$work/two.tflite" $golden --input a --input b \
  --input c
refuses 1 'has 1 sequences, and one before it 2' -- run "$work/two.tflite" $golden \
  --input $two/input.npy --input $two/input.npy
refuses 1 'an image is one' -- compile "$work/two.tflite" -o "$work/two.trn"

refuses 1 'output nothing is not computed' -- quantize $graph.onnx \
  --calibrate ${graph}_x.npy --outputs nothing \
  -o "$work/old.tflite"
refuses 1 'Node n_y (LSTM): peepholes' -- quantize tests/onnx/set/refused_peepholes.onnx \
  --calibrate tests/onnx/set/time_first_x.npy -o "$work/old.tflite"
refuses 1 'takes float32' -- quantize tests/onnx/set/time_first.onnx --calibrate "$vad_x" \
  -o "$work/old.tflite"
refuses 1 'no writable folder' -- quantize $graph.onnx --calibrate ${graph}_x.npy \
  -o "$work/absent/q.tflite"
refuses 1 'is not a .tflite model' -- quantize "$vad_x" --calibrate "$vad_x" -o "$work/old.tflite"
refuses 2 'quantize needs' -- quantize $graph.onnx --calibrate ${graph}_x.npy
refuses 2 'diff needs' -- diff $graph.onnx --input ${graph}_x.npy
works diff "$vad" --device golden --against sim --input "$small" --mode helper
refuses 2 'diff needs' -- diff "$vad" --input "$small"
refuses 1 'give the model that was made of it' -- diff $graph.onnx "$vad" --input ${graph}_x.npy
same "$work/q.tflite" "$work/old.tflite"

ended
