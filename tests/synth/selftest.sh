#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# selftest.sh: synthesis of a copy of the tree with a fault in it must fail and name the fault.
#
# Faults: a latch, a warning of Yosys, a wrong count of multipliers.
set -u
cd "$(dirname "$0")/../.." || exit 1

tree=build/synth/selftest
failed=0

fresh() {
  rm -rf "$tree"
  mkdir -p "$tree/tests/synth" "$tree/sw" "$tree/fpga"
  cp -r rtl "$tree/rtl"
  cp -r sw/tools "$tree/sw/tools"
  cp fpga/files.sh "$tree/fpga"
  cp tests/synth/*.sh tests/synth/*.awk "$tree/tests/synth"
}

# before the last `endmodule` of a file: standard input
insert() { # file
  awk -v text="$(cat)" '/^endmodule/ { print text } { print }' "$tree/$1" >"$tree/new" &&
    mv "$tree/new" "$tree/$1"
}

red() { # what, expected part of the message, run.sh's arguments
  what=$1
  message=$2
  shift 2
  if out=$(sh "$tree/tests/synth/run.sh" "$@" 2>&1); then
    echo "not caught: $what"
    failed=1
  elif ! printf '%s\n' "$out" | grep -q "$message"; then
    printf '%s\n' "$out"
    echo "not named: $what"
    failed=1
  else
    echo "caught: $what"
  fi
}

fresh
insert rtl/core/trine_counters.sv <<'END'
  (* keep *) logic latched;
  always @* if (clear_i) latched = count_i;
END
red "a latch" "selection is not empty" generic nano

fresh
mkdir -p "$tree/build/synth"
echo 'Warning: Range select [8:4] out of bounds on signal `\x'"'"': Setting 1 MSB bits to undef.' \
  >"$tree/build/synth/nano-generic.log"
printf '\n=== design hierarchy ===\n\n   Number of cells: 1\n     x\\trine_mul 1\n' \
  >"$tree/build/synth/nano-generic.txt"
red "a warning" "out of bounds" generic nano judge

: >"$tree/build/synth/nano-generic.log"
red "a wrong count" "multipliers: 1, the configuration implies 34" generic nano judge

[ $failed -eq 0 ] && rm -rf "$tree"
exit $failed
