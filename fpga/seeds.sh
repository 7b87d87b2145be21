#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# seeds.sh: the clocks that seeds reached, and whether the worst is enough: seeds.sh DIR KHZ SEED...
#
# One line a seed from DIR/seedSEED.clock, one of the worst; DIR/seed gets the best seed, DIR/clock
# the worst clock, DIR/seeds all. Exit 1 when the worst is less than 5 % above KHZ, what the design
# runs at: then the clock in fpga/boards.txt is too high for what was built.
set -eu

dir=${1:?folder of the build}
khz=${2:?kHz}
shift 2
for seed in "$@"; do
  echo "$seed $(cat "$dir/seed$seed.clock")"
done >"$dir/seeds"
awk -v khz="$khz" -v dir="$dir" '
  { print "seed " $1 ": " $2 " MHz" }
  NR == 1 || $2 < worst { worst = $2 }
  NR == 1 || $2 > most { most = $2; best = $1 }
  END {
    print "worst of " NR (NR == 1 ? " seed: " : " seeds: ") worst " MHz; the design runs at " \
      khz / 1000 " MHz"
    print best > (dir "/seed")
    print worst > (dir "/clock")
    if (worst * 1000 < khz * 1.05) {
      printf "The worst seed reaches %s MHz, and %.3f MHz are needed with 5 %% to spare; ", worst, \
        khz * 1.05 / 1000 > "/dev/stderr"
      printf "lower the clock in fpga/boards.txt to %d.\n", worst * 1000 / 1.05 > "/dev/stderr"
      exit 1
    }
  }' "$dir/seeds"
