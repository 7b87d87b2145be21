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
for row in 'single on 1' 'multithreading on 2' 'helper on 2' 'hybrid on 4' \
  'multi-programming on 2'; do
  ./build/bench --only "$network, $row" --wave $place/wave.fst >$place/bench.log || {
    cat $place/bench.log >&2
    exit 1
  }
  fst2vcd $place/wave.fst 2>/dev/null |
    awk -v name="${row%% *}" -v cores="${row##* }" -v cycles=$shown \
      -f tests/bench/timeline.awk | sort -n -k 2,2 -k 3,3 >>$place/segments
done
awk -v title='vowels (12-64, 64-64, dense 64-9): the same stretch of the warm run in each mode' \
  -v from=0 -v cycles=$shown -f tests/bench/timeline_svg.awk $place/segments >"$output.tmp"
mv "$output.tmp" "$output"
