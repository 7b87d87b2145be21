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
range, and what is refused. "Off by" is the largest difference of an output from TensorFlow Lite's
own, which for dynamic range rounds activations too. The smaller ones are in tests/reroll/set.

END
"$1" "$2"

cat <<'END'

## Of files in public repositories

The operators of 40 such files are known (their weights are not), and each kind of them is in the corpus or in a test:

| files | what they hold | stands for it | |
|---|---|---|---|
| 9 | whole layers, int8, hybrid or float | fused_*; `make conformance` for int8 | run |
| 7 | loops with Flex lists: one to three layers, batch normalisation, half precision, dynamic range | flex_* | run |
| 1 | such loops with variables | variables_flex | runs |
| 7 | loops with built-in lists: one direction or both, batch normalisation, flat input | while_*, both_* | run |
| 5 | unrolled cells: two layers, symbols (numbers below 0 counted from the end), one step with its states in and out | unrolled_*, step_states | run |
| 1 | layer normalisation in front | part_norm | a part runs, which the refusal names |
| 7 | LSTMs with relu in the cell | refused_relu | refused |
| 2 | GRUs | refused_gru | refused |
| 1 | a loop whose weights are in variables that the file gives no value | | refused |

So 30 of 40 is what can run; why no relu cell and no GRU is, stands in
[the decision](decisions/2026-11-30-rerolled-lstms.md).
END
