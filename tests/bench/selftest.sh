#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# selftest.sh: the benchmark itself: rows are kept and not run again, other inputs run them again, a
# damaged file is refused, counters add up on every core, and the page and its plots come out.
set -u
cd "$(dirname "$0")/../.."
place=build/bench-selftest
json=$place/bench.json
only='models bidi, T 29, B 1, '
rm -rf $place
mkdir -p $place
failed=0

expect() { # what, pattern, file
  if ! grep -q -e "$2" "$3"; then
    echo "bench-selftest: $1: no '$2' in $3" >&2
    failed=1
  fi
}
refuse() { # what, status wanted, status
  if [ "$2" -ne "$3" ]; then
    echo "bench-selftest: $1: status $3, not $2" >&2
    failed=1
  fi
}
rows() { # inputs, rows, log
  build/bench --only "$only$2" --json $json --inputs "$1" --processes 1 >"$3" 2>&1
}

rows one 'single on 1' $place/first.log
refuse 'a row' 0 $?
expect 'a row' '^1 of 1 rows are to be run' $place/first.log
expect 'a row' ', exact in ' $place/first.log
rows one 'single on 1' $place/again.log
expect 'the same row' '^0 of 1 rows are to be run' $place/again.log
rows one 'helper on 2' $place/more.log
expect 'another row' '^1 of 1 rows are to be run' $place/more.log
rows one 'auto on 2' $place/twin.log
expect 'a row placed as another' ', placed as ' $place/twin.log
rows two 'auto on 2' $place/alone.log
if grep -q ', placed as ' $place/alone.log; then
  echo 'bench-selftest: a row of other inputs was taken for one of these' >&2
  failed=1
fi
rows two 'single on 1' $place/other.log
expect 'other inputs' '^1 of 1 rows are to be run' $place/other.log

build/bench_report --json $json --page $place/page.md --plots $place --targets $place/targets.md
refuse 'the report' 0 $?
expect 'the report' '3 of 3 rows are exact' $place/page.md
expect 'the report' '</svg>' $place/speed_up.svg
expect 'the targets' 'not run' $place/targets.md

# Every core: MAC cycles and those lost by each cause are all cycles, and those are the run's.
awk '
  /"cold":|"warm":/ { total = 0 }
  !in_core && /"(cycles|load_cycles)":/ { gsub(/[^0-9]/, "", $2); total += $2 }
  /"lost":/ { in_core = 1 }
  /"core":/ { sum = 0 }
  in_core && /"(mac|input|h|room|bus|tail|memory|switch|idle)":/ {
    gsub(/[^0-9]/, "", $2)
    sum += $2
  }
  in_core && /"cycles":/ { gsub(/[^0-9]/, "", $2); all = $2 }
  in_core && /"idle":/ { cores++; if (sum != all || all != total) bad++ }
  /"speed_up":|"key":/ { in_core = 0 }
  END {
    print cores + 0, "cores,", bad + 0, "whose cycles do not add up"
    exit bad > 0 || cores < 6
  }
' $json >$place/sums.log || {
  cat $place/sums.log >&2
  failed=1
}

echo '{"rows": 1' >$json
rows one 'single on 1' $place/damaged.log
refuse 'a damaged file' 1 $?
expect 'a damaged file' 'is not a file of results' $place/damaged.log
rows one 'no such row' $place/none.log
refuse 'no row' 1 $?
[ $failed -eq 0 ] && echo "rows are kept, repeated and refused; $(cat $place/sums.log)"
exit $failed
