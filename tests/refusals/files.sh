# SPDX-License-Identifier: Apache-2.0
# files.sh: files that are wrong in one way each, made below FOLDER: sh files.sh FOLDER.
set -eu
cd "$(dirname "$0")/../.."
w=$1
m=tests/models
mkdir -p "$w"

# npy FILE TYPE SHAPE BYTES [ORDER]: an array of zeros.
npy() {
  raw "$1" "{'descr': '$2', 'fortran_order': ${5:-False}, 'shape': ($3), }" "$4"
}

# raw FILE DICTIONARY BYTES: an .npy with that text in its header.
raw() {
  {
    printf '\223NUMPY\001\000v\000%-117s\n' "$2"
    head -c "$3" /dev/zero
  } >"$1"
}

# bytes FILE OCTAL...: those bytes, given as printf has them.
bytes() {
  file=$1
  shift
  # shellcheck disable=SC2059
  printf "$*" >"$file"
}

npy "$w/x.npy" '|i1' '3, 128' 384
# found MODEL PATTERN...: the first of tests/heads that shows them, as $w/MODEL.
found() {
  name=$1
  shift
  found=$(sh tests/support/find_model.sh tests/heads/set "$@") && cp "$found" "$w/$name" || exit 1
}
found heads.tflite ' 0 MACs a step' '  input [^~]* int8, width 256, [^~]*no time'
found softmax.tflite '  LSTM [^~]*~  dense [^~]*~  host    SOFTMAX~  output '
npy "$w/heads.npy" '|i1' '3, 256' 768
npy "$w/one.npy" '|i1' '2, 12' 24
npy "$w/two.npy" '|i1' '2, 2, 12' 48
npy "$w/three.npy" '|i1' '3, 2, 12' 72
npy "$w/short_x.npy" '<f4' '2, 3, 2' 48

# Headers and data of .npy.
: >"$w/empty.npy"
head -c 200 "$m/vad_xq.npy" >"$w/cut.npy"
head -c 60 "$m/vad_xq.npy" >"$w/cut_header.npy"
bytes "$w/nine.npy" '\223NUMPY\002\000\001\000'
bytes "$w/eleven.npy" '\223NUMPY\002\000\001\000\000'
bytes "$w/version.npy" '\223NUMPY\007\003v\000'
bytes "$w/huge_header.npy" '\223NUMPY\002\000\377\377\377\377{'
npy "$w/int32.npy" '<i4' '3, 128' 1536
npy "$w/float64.npy" '<f8' '3, 128' 3072
npy "$w/big_endian.npy" '>f4' '3, 128' 1536
npy "$w/complex.npy" '<c8' '3, 128' 3072
npy "$w/fortran.npy" '|i1' '3, 128' 384 True
npy "$w/order.npy" '|i1' '3, 128' 384 Maybe
npy "$w/width.npy" '|i1' '3, 127' 381
npy "$w/rank.npy" '|i1' '1, 1, 3, 128' 384
npy "$w/ranks.npy" '|i1' '1,1,1,1,1,1,1,1,1' 1
npy "$w/none.npy" '|i1' '0, 128' 0
npy "$w/more.npy" '|i1' '3, 128' 400
npy "$w/negative.npy" '|i1' '-3, 128' 384
npy "$w/no_tuple.npy" '|i1' '3' 3
npy "$w/enormous.npy" '|i1' '99999999999999999999, 128' 1
raw "$w/list.npy" "{'descr': '|i1', 'fortran_order': False, 'shape': [3, 128], }" 384
raw "$w/descr.npy" "{'descr': [('a', '|i1')], 'fortran_order': False, 'shape': (3, 128), }" 384
raw "$w/no_dictionary.npy" "'descr'" 384
raw "$w/no_key.npy" "{3: 4}" 384
raw "$w/open_dictionary.npy" "{'descr': '|i1' 'fortran_order': False" 384
raw "$w/behind.npy" "{'descr': '|i1', 'fortran_order': False, 'shape': (3, 128), } x" 384
raw "$w/missing.npy" "{'descr': '|i1', 'shape': (3, 128), }" 384
raw "$w/twice.npy" "{'descr': '|i1', 'descr': '|i1', 'shape': (3, 128), }" 384
raw "$w/unknown.npy" "{'colour': 'red', }" 384

# Values that are no numbers, and symbols that no table has.
raw "$w/nan.npy" "{'descr': '<f4', 'fortran_order': False, 'shape': (1, 128), }" 500
printf '\000\000\300\177\000\000\000\000\000\000\200\377' >>"$w/nan.npy"
raw "$w/infinite.npy" "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 1, 3), }" 20
printf '\000\000\200\177' >>"$w/infinite.npy"
npy "$w/symbols.npy" '|i1' '1, 3' 2
printf '\011' >>"$w/symbols.npy"

# Lengths and labels.
npy "$w/length_zero.npy" '<i4' '1,' 4
npy "$w/length_two.npy" '<i4' '2,' 8
npy "$w/length_byte.npy" '|i1' '1,' 1
npy "$w/length_none.npy" '<i4' '0,' 0
npy "$w/labels.npy" '<i4' '7,' 28

# Models and states.
: >"$w/empty.tflite"
head -c 2000 "$m/vad.tflite" >"$w/cut.tflite"
head -c 2000 /dev/zero >"$w/zeros.tflite"
cp "$m/vad_xq.npy" "$w/array.tflite"
{ head -c 4 "$m/vad.tflite" && printf 'TFL4' && tail -c +9 "$m/vad.tflite"; } >"$w/magic.tflite"
cp "$m/vad_xq.npy" "$w/array.onnx"
: >"$w/empty.onnx"
head -c 300 tests/onnx/set/symbols.onnx >"$w/cut.onnx"
cp tests/onnx/set/outside.onnx "$w/outside.onnx"
# Another length of W than its shape has; a side file that is too short.
sed 's/384p/385p/' tests/onnx/set/outside.onnx >"$w/longer.onnx"
: >"$w/empty.npz"
head -c 100 /dev/zero >"$w/zeros.npz"
# Of these a broken check would write over one.
cp "$m/vad.tflite" "$m/vowels.tflite" tests/onnx/set/symbols.onnx "$w"
cp "$w/x.npy" "$w/unreadable.npy"
chmod 0 "$w/unreadable.npy"
mkdir -p "$w/folder"
cp tests/onnx/set/outside.onnx "$w/folder"
printf abcd >"$w/folder/outside.onnx.data"
echo old >"$w/old"
