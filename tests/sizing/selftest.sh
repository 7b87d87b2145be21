#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# selftest.sh: the tables pick what they say, broken lines of results are left out, and a page with
# a part that does not end is refused. selftest.sh PROGRAM FOLDER
set -eu

sizing=$(realpath "${1:?program}")
mkdir -p "${2:?folder}"
work=$(realpath "$2")
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
# Where there is no fpga/area.txt: the table of boards takes the planner minutes.
mkdir -p "$work/bare"
ln -sfn "$PWD/rtl" "$PWD/tests" "$work/bare/"
(cd "$work/bare" && "$sizing" tables "$work/results.txt" "$work" >/dev/null)

row='\| vowels \| 64 \| 4 x 4x4x4, bus 16: helper on 4 \| 1000 \| 0.750 \| 176 \| [0-9.-]+ \|'
row="$row 1 x 16x4x2, bus 8: single \| 1019 \| 82 \| [0-9.-]+ \| 1100 \| 0.682 \| 92 \| [0-9.-]+"
holds 'fastest, fewest multipliers within 2 % and loss' \
  grep -Ex "$row \| 10.0 % \|" "$work/budgets.md"
holds 'budgets without forecasts have no row' [ "$(grep -c vowels "$work/budgets.md")" = 1 ]
holds 'a core is compared with the present one on the same memory' \
  grep -E '\| 16x4x1, bus 8 \| 77 \| [0-9.-]+ \| 0.972 \| 0.972 \| 0.972 \|' "$work/cores.md"
holds 'half a line is no forecast' [ "$(grep -c '^| 4x16' "$work/cores.md")" = 0 ]
holds 'the plot ends' grep -Fx '</svg>' "$work/plot.svg"

# Made-up chips of which the model is true, in the form of fpga/area.txt.
mkdir -p "$work/area"
sh fpga/area.sh configs >"$work/area/configs.txt"
for name in $(sed '/^#/d; s/ .*//' fpga/area_points.txt); do
  mkdir -p "$work/area/$name"
  TRINE_CONFIGS=$work/area/configs.txt sh sw/tools/config.sh verilator "$name" |
    sed 's/-G[A-Za-z]*=//g' | awk -v name="$name" '
    BEGIN {
      split("area-macs 55 area-rows 53 area-bytes 55 area-duo 55 solo 24 nano 20 ulx3s 50", own)
      for (i = 1; i in own; i += 2) rams[own[i]] = own[i + 1]
    }
    {
      each = 25 * $3 * $4 + 90 * $3 + 700 * $5 + 100 * $2 + 50 * ($6 + $18)
      print 1500 + $1 * (9000 + each), 800 + $1 * (4000 + each / 2), \
        $1 * ($3 * $4 + 5 * ($5 + 1) + 3), $1 * (name in rams ? rams[name] : 49)
    }' >"$work/area/$name/cells"
done
chips=$work/chips.txt
sh fpga/area.sh lines "$work/area" >"$chips"

refused() { # DESCRIPTION TEXT COMMAND...
  what=$1
  text=$2
  shift 2
  if said=$("$@" 2>&1 >/dev/null); then said=; fi
  case $said in
    *"$text"*) echo "holds: $what" ;;
    *)
      echo "FAILED: $what: $said"
      failed=1
      ;;
  esac
}
holds 'a model of area is fitted' "$sizing" area "$chips"
[ ! -f fpga/area.txt ] || holds 'it is near every chip that was synthesised' "$sizing" area
awk '$1 == "solo" { $(NF - 3) = int($(NF - 3) * 1.25) } { print }' "$chips" >"$work/area.txt"
refused 'cells that the model does not forecast' '10 % off at solo' "$sizing" area "$work/area.txt"
awk '$1 == "nano" { $(NF - 2) = int($(NF - 2) * 1.25) } { print }' "$chips" >"$work/area.txt"
refused 'flip-flops that it does not forecast' '10 % off at nano' "$sizing" area "$work/area.txt"
awk '$1 == "ulx3s" { $(NF - 1)++ } { print }' "$chips" >"$work/area.txt"
refused 'a multiplier more' '10 % off at ulx3s' "$sizing" area "$work/area.txt"
sed '/^solo check/d' "$chips" >"$work/area.txt"
refused 'fewer chips to check it with' 'must be 5' "$sizing" area "$work/area.txt"
sed '/^area-lanes/d' "$chips" >"$work/area.txt"
refused 'a term of which no chip tells' 'too few points' "$sizing" area "$work/area.txt"
sed 's/^nano check 2/nano check two/' "$chips" >"$work/area.txt"
refused 'a line of another form' 'is not a point' "$sizing" area "$work/area.txt"

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
