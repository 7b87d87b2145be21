#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# compare.sh: cycles a second of the simulated duo beside the bare arrays, in turns, the best of
# three each.
set -eu
cd "$(dirname "$0")/../.."
build=${TRINE_BUILD:-build}
for turn in 1 2 3; do
  for way in scalars vectors lanes; do
    echo "bare_$way $("$build/speed/bare_$way/bare" | cut -d' ' -f1)"
  done
  echo "duo $("$build/speed/chip")"
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
