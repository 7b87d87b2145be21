#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# view.sh: writes the saved GTKWave view of a run: view.sh FST CORES FIRST LAST CHANNELS
# >VIEW.gtkw, where FIRST and LAST are the cycles to be shown and CHANNELS names channels 0, 1, ...
# Names of states, phases and causes come from the filter files beside it.
set -eu
fst=$1 cores=$2 first=$3 last=$4
here=$(cd "$(dirname "$0")" && pwd)

# GTKWave draws 155 * 2^zoom pixels a time unit (half a cycle); the wave area has about 1290.
zoom=$(awk -v span=$(((last - first) * 2)) \
  'BEGIN { printf "%.4f", log(1290 / span / 155) / log(2) }')

row() { # FLAGS COLOUR FILTER SIGNAL [ALIAS]
  flags=$1
  [ "$3" = - ] || flags=$((0x$1 + 0x2000)) && [ "$3" = - ] || flags=$(printf '%x' "$flags")
  printf '@%s\n' "$flags"
  [ "$3" = - ] || printf '^%s %s/%s.filter\n' "$(number "$3")" "$here" "$3"
  printf '[color] %s\n+{%s} %s\n' "$2" "$5" "$4"
}

number() { # GTKWave numbers filter files by their first use
  case $1 in program) echo 1 ;; phase) echo 2 ;; *) echo 3 ;; esac
}

heading() { printf '@200\n-%s\n' "$1"; }

cat <<END
[dumpfile] "$fst"
[savefile] "view.gtkw"
[timestart] $((first * 2))
[size] 1600 $((270 + cores * 165))
[pos] -1 -1
*$zoom $((first * 2)) -1 -1 -1 -1 -1 -1 -1 -1 -1 -1 -1 -1 -1 -1 -1 -1 -1 -1 -1 -1 -1 -1 -1 -1 -1 -1
[sst_width] 10
[signals_width] 280
[sst_expanded] 0
END
heading 'Activation bus'
channel=0
for name in $5; do
  row 28 3 - "($((15 - channel)))TOP.trine_top.gen_core[0].u_core.u_view.words[15:0]" \
    "channel $channel: $name"
  channel=$((channel + 1))
done
c=0
while [ "$c" -lt "$cores" ]; do
  core="TOP.trine_top.gen_core[$c].u_core"
  heading ''
  heading "Core $c"
  row 22 1 program "$core.u_view.step[3:0]" 'program'
  row 22 2 phase "$core.u_view.mac_phase[6:0]" 'MACs work on'
  row 22 5 cause "$core.u_view.cause[3:0]" 'this cycle'
  row 24 4 - "$core.u_schedule.u_sequencer.groups_q[15:0]" 'row groups left'
  row 28 6 - "$core.u_view.cell_valid_i" 'cell update'
  row 24 6 - "$core.u_view.unit_q[15:0]" 'of unit'
  c=$((c + 1))
done
