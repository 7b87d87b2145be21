#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# selftest.sh: the demo turns red when a stored byte of an output or a state is another.
set -eu
cd "$(dirname "$0")/../.."

work=build/demo-selftest
rm -rf "$work"
mkdir -p "$work"

demo() { # log: the rows of vad against the copy
  build/demo --only vad --models "$work/models" --processes 2 >"$1" 2>&1
}

spoil() { # file: its last byte becomes another
  last=$(tail -c 1 "$1" | od -An -tu1 | tr -d ' ')
  size=$(wc -c <"$1")
  head -c $((size - 1)) "$1" >"$1.new"
  printf "\\$(printf '%03o' $(((last + 1) % 256)))" >>"$1.new"
  mv "$1.new" "$1"
}

for file in vad_tflm vad_h0_tflm vad_c0_tflm; do
  rm -rf "$work/models"
  cp -r tests/models "$work/models"
  spoil "$work/models/$file.npy"
  if demo "$work/$file.log"; then
    echo "The demo holds although a byte of $file.npy is wrong." >&2
    exit 1
  fi
  if ! grep -q '^MISS vad, single: not exact: vad' "$work/$file.log"; then
    echo "The demo does not say what is wrong when $file.npy is ($work/$file.log)." >&2
    exit 1
  fi
done
echo "demo: a wrong byte in outputs, h or c turns it red"
