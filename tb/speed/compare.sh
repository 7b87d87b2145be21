#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# compare.sh: cycles a second of the simulated duo beside the bare arrays and beside the plain duo,
# as Verilator wrote it: compare.sh [TURNS].
#
# In turns, so that what else the machine does meets all alike, and by processor time. The best of
# each counts, of three turns where no number is named; the gain of the rewriters is the median of
# the turns. Every turn runs fresh copies: where a file's pages lie makes up to a fifth.
set -eu
cd "$(dirname "$0")/../.."
build=${TRINE_BUILD:-build}
turns=${1:-3}
turn_dir=$build/speed/turn
turn=0
while [ $turn -lt "$turns" ]; do
  turn=$((turn + 1))
  for chip in duo plain; do
    rm -rf "$turn_dir" && mkdir -p "$turn_dir/speed"
    from=$build
    [ $chip = duo ] || from=$build/plain
    cp "$from/libtrine_sim_duo.so" "$turn_dir/" && cp "$build/speed/chip" "$turn_dir/speed/"
    echo "$chip $("$turn_dir/speed/chip")"
  done
  for way in scalars vectors lanes; do
    cp "$build/speed/bare_$way/bare" "$turn_dir/bare"
    echo "bare_$way $("$turn_dir/bare" | cut -d' ' -f1)"
  done
done | awk '
  $2 > best[$1] { best[$1] = $2 }
  $1 == "duo" { rewritten = $2 }
  $1 == "plain" { gain[++pairs] = rewritten / $2 }
  END {
    for (name in best)
      if (name ~ /^bare/ && best[name] > bare) {
        bare = best[name]
        way = name
      }
    for (name in best) printf "%-14s %8.0f cycles a second\n", name, best[name] | "sort"
    close("sort")
    for (i = 2; i <= pairs; i++)
      for (j = i; j > 1 && gain[j] < gain[j - 1]; j--) {
        other = gain[j]; gain[j] = gain[j - 1]; gain[j - 1] = other
      }
    printf "duo runs at %.3f of %s; wanted is 0.333\n", best["duo"] / bare, way
    printf "plain duo runs at %.3f of it; at 0.25 the rewriters go\n", best["plain"] / bare
    printf "the rewriters gain %.2f, %d pairs of %.2f to %.2f; below 1.5 they go\n", \
      gain[int((pairs + 1) / 2)], pairs, gain[1], gain[pairs]
  }'
