#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# image.sh: trine compile and trine run of the image give what trine run of the model gives; a file
# that is cut, and an image for another configuration, are refused.
set -eu

w=$(mktemp -d)
trap 'rm -rf "$w"' EXIT
model=tests/models/vad.tflite
input=tests/models/vad_xq.npy
build/trine compile $model --mode helper -o "$w/vad.trn"
build/trine run "$w/vad.trn" --input $input --output "$w/got.npy"
build/trine run $model --device golden --input $input --output "$w/want.npy" >/dev/null
cmp "$w/got.npy" "$w/want.npy"
head -c 1000 "$w/vad.trn" >"$w/cut.trn"
if build/trine run "$w/cut.trn" --input $input 2>"$w/said"; then
  echo 'a cut image was taken'
  exit 1
fi
grep -q 'no whole image' "$w/said"
if build/trine run "$w/vad.trn" --config nano --input $input 2>"$w/said"; then
  echo 'an image for duo was taken by nano'
  exit 1
fi
grep -q 'image is for a configuration' "$w/said"
echo 'the image of vad: as the model'
