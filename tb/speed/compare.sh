#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# compare.sh: cycles a second of the simulated duo beside the bare arrays, in turns, the best of
# three each. Every turn runs fresh copies: where a file's pages lie in memory makes up to a fifth.
set -eu
cd "$(dirname "$0")/../.."
build=${TRINE_BUILD:-build}
turn_dir=$build/speed/turn
for turn in 1 2 3; do
  rm -rf "$turn_dir" && mkdir -p "$turn_dir/speed"
  cp "$build/libtrine_sim_duo.so" "$turn_dir/" && cp "$build/speed/chip" "$turn_dir/speed/"
  for way in scalars vectors lanes; do
    cp "$build/speed/bare_$way/bare" "$turn_dir/bare"
    echo "bare_$way $("$turn_dir/bare" | cut -d' ' -f1)"
  done
  echo "duo $("$turn_dir/speed/chip")"
done | awk '
  $2 > best[$1] { best[$1] = $2 }
  END {
    for (name in best)
      if (name != "duo" && best[name] > bare) {
        bare = best[name]
        way = name
      }
    for (name in best) printf "%-14s %8.0f cycles a second\n", name, best[name] | "sort"
    close("sort")
    printf "duo runs at %.3f of %s; wanted is 0.333\n", best["duo"] / bare, way
  }'
