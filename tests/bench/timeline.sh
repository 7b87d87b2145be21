#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# timeline.sh: what every core does, cycle by cycle, in each mode: timeline.sh OUTPUT.svg.
#
# Runs one network a mode with a waveform of the middle of its warm run, and draws it. Needs
# fst2vcd (Debian: gtkwave).
set -eu
cd "$(dirname "$0")/../.."
output=$1
place=build/bench-timeline
network='models vowels, T 29, B 1'
shown=1600
command -v fst2vcd >/dev/null || {
  echo "timeline: fst2vcd is missing; install the package gtkwave" >&2
  exit 1
}
mkdir -p $place
: >$place/segments
# A row, and the first of its cores whose contexts begin with layer 2.
while read -r second row; do
  ./build/bench --only "$network, $row" --wave $place/wave.fst >$place/bench.log || {
    cat $place/bench.log >&2
    exit 1
  }
  fst2vcd $place/wave.fst 2>/dev/null |
    awk -v name="${row%% *}" -v cores="${row##* }" -v cycles=$shown -v second="$second" \
      -f tests/bench/timeline.awk | sort -n -k 2,2 -k 3,3 >>$place/segments
done <<ROWS
9 single on 1
1 multithreading on 2
9 helper on 2
2 hybrid on 4
9 multi-programming on 2
ROWS
awk -v title='vowels (12-64, 64-64, dense 64-9): the same stretch of the warm run in each mode' \
  -v from=0 -v cycles=$shown -f tests/bench/timeline_svg.awk $place/segments >"$output.tmp"
mv "$output.tmp" "$output"
