#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# find_model.sh: the first model of a committed set that has what a test needs, so that the set may
# be drawn again: the first of which `trine inspect` shows every pattern (grep -E) in what it
# prints, where each line ends in ~ instead.
#
#   find_model.sh FOLDER PATTERN...   prints its path; exit 1 with a sentence when there is none
set -u
trine=${TRINE:-build/trine}
folder=$1
shift
for model in "$folder"/*.tflite; do
  shown=$("$trine" inspect "$model" | tr '\n' '~')
  for pattern in "$@"; do
    printf '%s\n' "$shown" | grep -q -E -e "$pattern" || continue 2
  done
  echo "$model"
  exit 0
done
echo "find_model.sh: no model of $folder shows: $*" >&2
exit 1
