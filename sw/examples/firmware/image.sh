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
build/trine compile $model --config octo --mode helper --cores 8 -o "$w/octo.trn"
if build/trine run "$w/octo.trn" --input $input 2>"$w/said"; then
  echo 'an image of eight cores was taken by duo'
  exit 1
fi
grep -q 'image is for a configuration' "$w/said"
# As C under any name; room for as many steps as the caller has.
build/trine compile $model -o "$w/my-net.v2.c"
cat >"$w/use.c" <<'END'
#include "my-net.v2.h"
_Static_assert(my_net_WINDOW_BYTES_FOR(2) - my_net_WINDOW_BYTES_FOR(1) >=
                   my_net_INPUT_WIDTH + my_net_OUTPUT_WIDTH, "a row of each");
int main(void) {
  return my_net_image[0] == 0 || my_net_WINDOW_BYTES != my_net_WINDOW_BYTES_FOR(my_net_STEPS);
}
END
gcc -std=c11 -Wall -Werror -I"$w" -o "$w/use" "$w/use.c" "$w/my-net.v2.c"
"$w/use"
echo 'the image of vad: as the model'
