#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# options.sh: the forms in which options are given, standard input and output as `-`, what numpy
# writes without being asked to, and that help, docs/cli.md and the parser have the same options.
set -u
name=options
. "$(dirname "$0")/begin.sh"

vad=$models/vad.tflite
x=$models/vad_xq.npy
vowels=$models/vowels.tflite

# works ARGUMENTS: exit code 0; standard output in $work/out, the other in $work/err.
works() {
  checks=$((checks + 1))
  "$trine" "$@" >"$work/out" 2>"$work/err" </dev/null ||
    fail "exit $?: trine $*: $(cat "$work/err")"
}

same() {
  checks=$((checks + 1))
  cmp -s "$1" "$2" || fail "$1 and $2 differ"
}

# array FILE TYPE ORDER SHAPE: the header of a .npy; its data are standard input.
array() {
  {
    printf '\223NUMPY\001\000v\000%-117s\n' \
      "{'descr': '$2', 'fortran_order': $3, 'shape': ($4), }"
    cat
  } >"$1"
}

# --- forms of an option ---
works run "$vad" --input "$x" --output "$work/y.npy" --device golden
works run "$vad" --input="$x" --output="$work/equals.npy" --device=golden
works run -i "$x" "$vad" -o "$work/letters.npy" -d golden
works run -i"$x" -o"$work/close.npy" -dgolden -- "$vad"
for form in equals letters close; do
  same "$work/y.npy" "$work/$form.npy"
done
works run "$vad" --input "$x" --input="$x" -d sim:duo -m single -c duo
grep -q 'mode single on 1 of 2 cores' "$work/out" || fail "-m and -c are not read"
works run "$vad" -i "$x" --device sim:nano --help
works --version
grep -qE '^trine [0-9]+\.[0-9]+\.[0-9]+$' "$work/out" || fail "--version says $(cat "$work/out")"

# --- a colon in a path ---
mkdir -p "$work/a:b"
cp "$vad" "$x" "$work/a:b"
works run --job "$work/a\\:b/vad.tflite:$work/a\\:b/vad_xq.npy:$work/a\\:b/y.npy" -d golden
same "$work/y.npy" "$work/a:b/y.npy"
works state "$vowels" --from new:2 -o "$work/a:b/s.npz"
works state "$vowels" --from "$work/a\\:b/s.npz:1"
works state "$vowels" --from "$work/a\\:b/s.npz"

# --- standard input and output ---
checks=$((checks + 9))
"$trine" run "$vad" -i - -o - -d golden <"$x" >"$work/piped.npy" 2>"$work/err" ||
  fail "a run from - to -: $(cat "$work/err")"
same "$work/y.npy" "$work/piped.npy"
grep -q 'golden model' "$work/err" || fail "the report of a run to - is nowhere"
"$trine" run - -i "$x" -o "$work/piped.npy" -d golden <"$vad" >"$work/out" 2>"$work/err" ||
  fail "a model from -: $(cat "$work/err")"
same "$work/y.npy" "$work/piped.npy"
"$trine" inspect - <"$vad" >"$work/out" 2>"$work/err" || fail "inspect -: $(cat "$work/err")"
"$trine" inspect "$vad" | sed 's|^[^ ]*vad.tflite|-|' | cmp -s - "$work/out" ||
  fail "inspect of - says something else than of the file"
# shellcheck disable=SC2002
cat "$x" | "$trine" run "$vad" --input - -d golden | grep -q 'golden model' ||
  fail "a run from a pipe"
"$trine" compile "$vad" -o - >"$work/v.trn" 2>"$work/err" || fail "compile to -"
works compile "$vad" -o "$work/w.trn"
same "$work/v.trn" "$work/w.trn"
works compile "$vad" --in-place -o "$work/place.trn"
[ "$(wc -c <"$work/place.trn")" -gt "$(wc -c <"$work/w.trn")" ] ||
  fail "an image in place has no room for programs"
works run "$work/w.trn" -i "$x" -o "$work/image.npy"
works run "$work/place.trn" -i "$x" -o "$work/place.npy"
same "$work/y.npy" "$work/image.npy"
same "$work/y.npy" "$work/place.npy"
# A model from standard input, a pipe and a file: of any kind, wherever one is taken.
checks=$((checks + 8))
onnx=tests/onnx/set/torch_both_old
for model in "$vad" tests/models/converted/hybrid_lstm.tflite $onnx.onnx; do
  "$trine" inspect "$model" 2>&1 | sed "s|^[^ ]*$(basename "$model")|-|" >"$work/named"
  # shellcheck disable=SC2002
  cat "$model" | "$trine" inspect - 2>&1 | cmp -s - "$work/named" ||
    fail "inspect of $model from a pipe says something else than of the file"
done
works plan "$vad"
"$trine" plan - <"$vad" 2>&1 | sed "s|^-|$vad|" | cmp -s - "$work/out" || fail "plan -"
"$trine" run - -i "$x" -o "$work/piped.npy" <"$work/w.trn" >"$work/out" 2>"$work/err" ||
  fail "an image from -: $(cat "$work/err")"
same "$work/y.npy" "$work/piped.npy"
works quantize $onnx.onnx --calibrate ${onnx}_x.npy -o "$work/w.tflite"
# shellcheck disable=SC2002
cat $onnx.onnx | "$trine" quantize - --calibrate ${onnx}_x.npy -o "$work/v.tflite" \
  >"$work/out" 2>"$work/err" || fail "quantize of a pipe: $(cat "$work/err")"
same "$work/v.tflite" "$work/w.tflite"
works diff $onnx.onnx "$work/w.tflite" --input ${onnx}_x.npy
"$trine" diff $onnx.onnx - --input ${onnx}_x.npy <"$work/w.tflite" | cmp -s - "$work/out" ||
  fail "diff with - beside an .onnx"
! "$trine" inspect - <tests/onnx/set/outside.onnx >"$work/out" 2>"$work/err" &&
  grep -q 'standard input has none: name the .onnx itself' "$work/err" ||
  fail "side files of a model from standard input: $(cat "$work/err")"
"$trine" make --layers 4-8 -o - >"$work/v.tflite" 2>"$work/err" || fail "make to -"
works make --layers 4-8 -o "$work/w.tflite"
same "$work/v.tflite" "$work/w.tflite"
"$trine" quantize $onnx.onnx --calibrate - -o - <${onnx}_x.npy >"$work/v.tflite" 2>"$work/err" ||
  fail "quantize from - to -: $(cat "$work/err")"
works quantize $onnx.onnx --calibrate ${onnx}_x.npy -o "$work/w.tflite"
same "$work/v.tflite" "$work/w.tflite"
"$trine" state "$vowels" --from new:2 -o - 2>"$work/err" | cmp -s - "$work/a:b/s.npz" ||
  fail "state to -"

# --- labels of rows that an output has of its own ---
decoder=tests/onnx/set/decoder_of_7
head -c 56 /dev/zero | array "$work/labels.npy" '<i4' False '2, 7'
works quantize $decoder.onnx --calibrate ${decoder}_x.npy --labels "$work/labels.npy" \
  -o "$work/w.tflite"
grep -q 'bits' "$work/out" || fail "labels of 7 rows a sequence: $(cat "$work/out")"

# --- what numpy writes without being asked to ---
# int64 lengths; the same rows in C and in Fortran order, as float32 and as float64: 3 steps of
# 128 values that are the same in every row, or in every column.
printf '\003\000\000\000' | array "$work/l4.npy" '<i4' False '1,'
printf '\003\000\000\000\000\000\000\000' | array "$work/l8.npy" '<i8' False '1,'
head -c 384 "$x" | array "$work/c.npy" '|i1' False '3, 128'
for type in l4 l8; do
  works run "$vad" -i "$work/c.npy" --lengths "$work/$type.npy" -o "$work/$type.y" -d golden
done
same "$work/l4.y" "$work/l8.y"
row=$(printf '\001\002\003') # the rows 1 1 1 ..., 2 2 2 ..., 3 3 3 ...
for value in $(printf '%s' "$row" | od -An -tu1); do
  head -c 128 /dev/zero | tr '\000' "\\$(printf '%03o' "$value")"
done | array "$work/rows_c.npy" '|i1' False '3, 128'
n=0
while [ $n -lt 128 ]; do
  printf '%s' "$row"
  n=$((n + 1))
done | array "$work/rows_f.npy" '|i1' True '3, 128'
for order in c f; do
  works run "$vad" -i "$work/rows_$order.npy" -o "$work/order_$order.npy" -d golden
done
same "$work/order_c.npy" "$work/order_f.npy"
n=0
while [ $n -lt 384 ]; do
  printf '\000\000\000\077' >&3            # 0.5
  printf '\000\000\000\000\000\000\340\077' # 0.5
  n=$((n + 1))
done 3>"$work/f4" | array "$work/f8.npy" '<f8' False '3, 128'
array "$work/f4.npy" '<f4' False '3, 128' <"$work/f4"
for type in f4 f8; do
  works run "$vad" -i "$work/$type.npy" -o "$work/$type.y" -d golden
done
same "$work/f4.y" "$work/f8.y"

# --- one list of options: the parser, the help of a command, docs/cli.md ---
sed -n 's/^    {"\([a-z-]*\)", .*/\1/p' sw/cli/options_table.c >"$work/names"
[ "$(wc -l <"$work/names")" -ge 35 ] || fail "the table of options was not found"
for command in run plan compile inspect info selftest state quantize diff make; do
  "$trine" $command --help | grep -v 'file of trine run\|for trine run' >"$work/help"
  while read -r option; do
    checks=$((checks + 1))
    "$trine" $command "--$option=" 2>"$work/err" </dev/null
    grep -q "no option '--$option='" "$work/err" && taken=no || taken=yes
    grep -q -e "--$option\\b\\([^-]\\|$\\)" "$work/help" && told=yes || told=no
    [ "$option" = trace ] || [ $taken = $told ] ||
      fail "trine $command takes --$option: $taken; its help says so: $told"
  done <"$work/names"
done
while read -r option; do
  checks=$((checks + 1))
  grep -q -e "--$option\\b" docs/cli.md || [ "$option" = trace ] ||
    fail "docs/cli.md has no --$option"
done <"$work/names"
ended
