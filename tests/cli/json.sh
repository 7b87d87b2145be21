#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# json.sh: every report as JSON: one object on standard output and nothing else, that jq parses,
# with the keys that docs/cli.md promises, whatever bytes paths and names hold.
set -u
name=json
. "$(dirname "$0")/begin.sh"

vad=$models/vad.tflite
vowels=$models/vowels.tflite
onnx=tests/onnx/set/torch_both_old

# has KEYS -- ARGUMENTS: the object has just these keys, in their order.
has() {
  keys=$1
  shift 2
  checks=$((checks + 1))
  "$trine" "$@" --json >"$work/out" 2>"$work/err" </dev/null ||
    fail "exit $?: trine $* --json: $(cat "$work/err")"
  [ ! -s "$work/err" ] || fail "something on standard error: trine $* --json"
  got=$(jq -r 'keys_unsorted | join(" ")' "$work/out") || fail "no JSON: trine $* --json"
  [ "$got" = "$keys" ] || fail "trine $* --json has the keys
  $got
not
  $keys"
  grep -q "\`$1 --json\`" docs/cli.md || fail "docs/cli.md does not name the keys of $1 --json"
  for key in $keys; do
    grep "\`$1 --json\`" docs/cli.md | grep -qw -- "$key" ||
      fail "docs/cli.md does not name $key of $1 --json"
  done
}

# is FILTER: true of the object that was printed last.
is() {
  checks=$((checks + 1))
  jq -e "$1" "$work/out" >/dev/null || fail "not so: $1"
}

head="{'descr': '|i1', 'fortran_order': False, 'shape': (3, 128), }"
{
  printf '\223NUMPY\001\000v\000%-117s\n' "$head"
  head -c 384 /dev/zero
} >"$work/x.npy"
x=$work/x.npy

run='model device config cores macs_per_core mode placement steps batch input_clamped cycles'
run="$run load_cycles macs limit_cycles utilisation lost predicted_cycles"
has "$run exact values_compared" -- run "$vad" --input "$x" --check
is '.exact and .cores == 2 and .cycles > 0 and (.lost | length) == 2'
has "$run" -- run "$vad" --input "$x" --device golden
is '.mode == null and .cycles == null and .macs > 0'
has 'jobs cycles' -- run --job "$vad:$x" --job "$vad:$x"
is '.jobs | length == 2'
has 'model output config config_hash mode cores steps batch bytes predicted_cycles' -- \
  compile "$vad" -o "$work/v.trn"
[ "$(jq .bytes "$work/out")" -eq "$(wc -c <"$work/v.trn")" ] || fail "bytes of an image"
image='model device config cores macs_per_core steps batch cycles load_cycles macs limit_cycles'
has "$image utilisation" -- run "$work/v.trn" --input "$x"
is '.cycles > 0'
has 'model config steps batch total_steps networks' -- plan "$vowels" --steps 3
is '.networks[0].plans | length >= 3'
ends='input output inputs outputs'
facts="model config default_batch default_steps $ends layers modes"
has "$facts" -- inspect "$vowels"
is '[.modes[].runs] == [true, true, true]'
has "$facts" -- inspect tests/models/stack4.tflite --outputs lstm1/y,lstm0/y
is '[.outputs[].name] == ["lstm1/y", "lstm0/y"] and .output.name == "lstm1/y"'
is '.input.layout == "[B,T,I]" and [.outputs[].layout] == ["[B,T,I]", "[B,T,I]"]'
turned=$(sh tests/support/find_model.sh tests/conformance/operators '  input [^~]*\[B,I,T\]~') ||
  fail "no model whose steps are last"
has "$facts" -- inspect "$turned"
is '.input.layout == "[B,I,T]"'
checks=$((checks + 1))
"$trine" inspect $onnx.onnx --json | jq -e '.nodes | length >= 1' >/dev/null || fail "inspect .onnx"
fields='cores contexts lanes macs_per_lane tail_rows bus_bytes x_slots queue_words weight_bytes'
fields="$fields param_rows ring_bytes state_units pre_units writer_bytes table_entries max_inputs"
has "config macs_per_core $fields max_units mem_bytes" -- info --config octo
is '.cores == 8'
has 'config modes' -- selftest
is '.modes | length == 4 and all(.exact)'
has 'model output streams not_begun lstms' -- state "$vowels" --from new:3
is '.output == null and .streams == 3 and .not_begun == 3 and (.lstms | length) == 2'
quantized='model output embedding embeddings state layers outputs snr_db weights_clamped notes'
has "$quantized metric" -- quantize $onnx.onnx --calibrate ${onnx}_x.npy \
  -o "$work/q.tflite"
is '.snr_db > 20 and .metric == null and .embedding == null and (.layers | length) > 1'
tables=tests/onnx/cases/tables_of_words_and_tags
has "$quantized metric" -- quantize $tables/model.onnx --calibrate words=$tables/input.npy \
  --calibrate tags=$tables/input1.npy -o "$work/tables.tflite"
is '.embedding == .embeddings[0].file and (.embeddings | map(.input) == ["w", "g"])'
for table in "" 2; do
  [ -s "$work/tables_embedding$table.npy" ] || fail "no table$table beside the model"
done
has 'model int8_model limit_lsb layers' -- diff $onnx.onnx "$work/q.tflite" --input ${onnx}_x.npy
is '.layers[0].pre.worst.gate != null and .layers[0].output.rms_lsb >= 0'
has 'model same values_compared devices' -- diff "$vad" --against golden --input "$x"
is '.same and .devices[0].device == "sim" and .devices[1].device == "golden"'
has 'output shape bidirectional dense layers weights steps seed bytes' -- \
  make --layers 4-8 -o "$work/m.tflite"
is '.weights == 384 and .layers == 1'
# Quotes, a backslash, controls, and bytes that are no UTF-8 in a path.
odd=$(printf 'a"b\\c\001\351\355\240\200d.tflite')
cp "$vad" "$work/$odd"
checks=$((checks + 1))
"$trine" inspect "$work/$odd" --json >"$work/out" 2>"$work/err" || fail "$(cat "$work/err")"
told=$(jq -r .model "$work/out") || fail "no JSON of an odd path"
printf '%s' "$told" | LC_ALL=C grep -q 'a"b\\c' || fail "an odd path became $told"
iconv -f UTF-8 -t UTF-8 "$work/out" >/dev/null || fail "JSON that is no UTF-8"
ended
