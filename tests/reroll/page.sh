#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# page.sh: docs/converted.md, from what reroll-files says of what `make reroll-corpus` made.
#
# Call: page.sh PROGRAM FOLDER
set -eu

cat <<'END'
# Converted LSTMs

Written by `make docs-reroll` after `make reroll-corpus`; not to be edited.

Files of TensorFlow 2.15's converter from Keras models with random weights (tests/reroll/make.py),
of the make-up of the .tflite files with LSTMs in public repositories: loops with Flex lists,
built-in lists and variables, unrolled, whole layers, in single and half precision and dynamic
range, and what is refused; and of kinds that those do not have (tests/reroll/make_more.py).
"Off by" is the largest difference of an output from TensorFlow Lite's own, which for
dynamic range rounds activations too. The smaller ones are in tests/reroll/set.

END
"$1" "$2"
echo
cat "$(dirname "$0")/public_files.txt"
