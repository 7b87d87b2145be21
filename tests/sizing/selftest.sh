#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# selftest.sh: the tables pick what they say, broken lines of results are left out, and a page with
# a part that does not end is refused. selftest.sh PROGRAM FOLDER
set -eu

sizing=${1:?program}
work=${2:?folder}
mkdir -p "$work"
failed=0

holds() { # DESCRIPTION COMMAND...
  what=$1
  shift
  if "$@" >/dev/null 2>&1; then
    echo "holds: $what"
  else
    echo "FAILED: $what"
    failed=1
  fi
}

# network, cores, Lanes, MacsPerLane, TailRows, BusBytes, MemBytes, mode, ranks, copies, cycles,
# products: the third takes 1.9 % longer than the first with fewer multipliers, the fourth 2.1 %.
cat >"$work/results.txt" <<END

0 4 4 4 4 16 16 2 4 1 1000 48000 .
0 1 8 8 4 8 8 0 1 1 1100 48000 .
0 1 16 4 2 8 16 0 1 1 1019 48000 .
0 1 16 4 1 8 16 0 1 1 1021 48000 .
0 1 8 8 4 8 16 0 1 1 1050 48000 .
0 1 4 16 4 8 16 0 1 1 10
0 1 4 16 1 8 16 0 1 1 9 48000
END
"$sizing" tables "$work/results.txt" "$work" >/dev/null

row='| vowels | 64 | 4 x 4x4x4, bus 16: helper on 4 | 1000 | 0.750 | 176 |'
row="$row 1 x 16x4x2, bus 8: single | 1019 | 82 | 1100 | 0.682 | 92 | 10.0 % |"
holds 'fastest, fewest multipliers within 2 % and loss' grep -Fx "$row" "$work/budgets.md"
holds 'budgets without forecasts have no row' [ "$(grep -c vowels "$work/budgets.md")" = 1 ]
holds 'a core is compared with the present one on the same memory' \
  grep -F '| 16x4x1, bus 8 | 77 | 0.972 | 0.972 | 0.972 |' "$work/cores.md"
holds 'half a line is no forecast' [ "$(grep -c '^| 4x16' "$work/cores.md")" = 0 ]
holds 'the plot ends' grep -Fx '</svg>' "$work/plot.svg"

printf '%s\n' 'before' '<!-- begin: budgets -->' 'old' '<!-- end: budgets -->' \
  '<!-- begin: none -->' 'kept' '<!-- end: none -->' >"$work/page.md"
awk -v folder="$work" -f sw/tools/page.awk "$work/page.md" >"$work/page.new"
holds 'a part is put in the place of the old one' grep -F '| vowels | 64 |' "$work/page.new"
holds 'nothing of the old part stays' [ "$(grep -c '^old$' "$work/page.new")" = 0 ]
holds 'a part that was not made stays' grep -Fx kept "$work/page.new"
sed -i '/end: none/d' "$work/page.md"
holds 'a part without an end is refused' \
  sh -c "! awk -v folder='$work' -f sw/tools/page.awk '$work/page.md'"
exit $failed
