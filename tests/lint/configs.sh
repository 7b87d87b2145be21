#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# configs.sh: every rule of rtl/config_rules.txt refuses a row that breaks it, in one sentence with
# row, field, value and rule; so do trine plan --set, a table that is not one, and the RTL. Then a
# row is added to a copy of the tree, and make must build nothing but what holds the table.
set -u
cd "$(dirname "$0")/../.." || exit 1

unset MAKEFLAGS MFLAGS MAKELEVEL
work=$PWD/build/lint-configs
rm -rf "$work"
mkdir -p "$work"
failed=0
count=0
seed=none # nothing here is drawn
echo "seed $seed"

fail() {
  echo "configs: $*"
  failed=1
}

# The table with only duo, fields set as told.
table() { # Field=value ...
  awk -v set="$*" '
    /^#/ || NF == 0 { next }
    $1 == "name" { for (i = 1; i <= NF; i++) at[$i] = i; print; next }
    $1 == "duo" {
      n = split(set, part, " ")
      for (i = 1; i <= n; i++) { split(part[i], pair, "="); $(at[pair[1]]) = pair[2] }
      print
    }' rtl/configs.txt >"$work/table"
}

refused() { # words: config.sh refuses the table with one sentence of these words
  count=$((count + 1))
  TRINE_CONFIGS=$work/table sh sw/tools/config.sh verilator duo >"$work/out" 2>"$work/err"
  status=$?
  [ $status -eq 2 ] && [ ! -s "$work/out" ] && [ "$(wc -l <"$work/err")" -eq 1 ] ||
    fail "exit $status, not 2 with one sentence, for $1: $(cat "$work/err")"
  grep -qF -- "$1" "$work/err" || fail "no '$1' in: $(cat "$work/err")"
}

# Field=value ..., the first of them breaking a rule in words.
breaks() { # words, Field=value ...
  words=$1
  shift
  table "$@"
  refused "row duo: ${1%%=*} is ${1#*=}, and must be $words."
  set_to=$(echo "$*" | tr ' ' ,)
  said=$(build/trine plan --layers 1-1 --set "$set_to" 2>&1)
  [ "$said" = "trine: --set: $set_to on duo: ${1%%=*} is ${1#*=}, and must be $words." ] ||
    fail "trine plan --set $* says: $said"
  echo "${1%%=*} @ $words" >>"$work/broken"
}

rules_of_rows() {
  breaks '1 to 16' Cores=0
  breaks '1 to 16' Cores=17
  breaks '1 to 16' Contexts=17
  breaks '4 to 64, a multiple of 4' Lanes=6
  breaks '4 to 64, a multiple of 4' Lanes=68
  breaks '1 to 32' MacsPerLane=64
  breaks '1 to 32' MacsPerLane=0
  breaks 'a power of two' MacsPerLane=12
  breaks '1, 2 or 4' TailRows=3
  breaks '4 to 64' BusBytes=2
  breaks 'a power of two' BusBytes=6
  breaks '2 to 16' XSlots=1
  breaks 'a power of two' XSlots=6
  breaks '2 to 1024' QueueWords=2048
  breaks 'a power of two' QueueWords=24
  breaks 'at most 1 GiB' WeightBytes=2147483648
  breaks 'a multiple of Lanes * MacsPerLane' WeightBytes=1000
  breaks 'at least 2 words of all lanes' WeightBytes=64
  breaks 'a power of two of words of all lanes' WeightBytes=192
  breaks '2 * TailRows to 65536' ParamRows=4
  breaks '2 * TailRows to 65536' ParamRows=131072
  breaks 'a power of two' ParamRows=5000
  breaks 'at least 2 words of the rings' RingBytes=8
  breaks 'at most 65536 words of the rings' RingBytes=1048576
  breaks 'a power of two' RingBytes=3000
  breaks '2 to 65536' StateUnits=131072
  breaks 'a power of two' StateUnits=1000
  breaks '2 to 65536' PreUnits=1
  breaks 'a power of two' PreUnits=1000
  breaks 'at most 4194304' WriterBytes=8388608
  breaks 'a power of two' WriterBytes=1000
  breaks '2 to 65536' TableEntries=0
  breaks 'a power of two' TableEntries=500
  breaks '1 to 65535' MaxInputs=65536
  breaks '1 to 65535' MaxUnits=0
  breaks '4 to 64' MemBytes=128
  breaks 'a power of two' MemBytes=24
  breaks 'at least BusBytes' MemBytes=8 BusBytes=16
  breaks 'a divisor of Lanes * MacsPerLane' MemBytes=64 MacsPerLane=4
  breaks 'at least 2 words of MemBytes' WriterBytes=8
  breaks 'at most 65536 words of MemBytes' WriterBytes=1048576
}

every_rule_was_broken() {
  awk -F ' *@ *' '!/^#/ && !/^let / && NF { print $1 " @ " $3 }' rtl/config_rules.txt |
    while read -r rule; do
      grep -qxF "$rule" "$work/broken" || echo "$rule"
    done >"$work/unbroken"
  [ ! -s "$work/unbroken" ] || fail "rules without a row that breaks them: $(cat "$work/unbroken")"
}

tables_that_are_none() {
  table
  TRINE_CONFIGS=$work/table sh sw/tools/config.sh check duo || fail "a good table is refused"
  sed 's/ Lanes / Lines /' "$work/table" >"$work/t" && mv "$work/t" "$work/table"
  refused 'there is no field Lines'
  table
  awk '{ $3 = ""; print }' "$work/table" >"$work/t" && mv "$work/t" "$work/table"
  refused 'the column Contexts is missing'
  table
  awk 'NR == 1 { $3 = $2 } { print }' "$work/table" >"$work/t" && mv "$work/t" "$work/table"
  refused 'a second column Cores'
  table
  awk 'NR == 2 { $0 = $0 " 7" } { print }' "$work/table" >"$work/t" && mv "$work/t" "$work/table"
  refused 'row duo has 20 columns, and the table 19'
  table
  awk 'NR == 2 { $19 = "" } { print }' "$work/table" >"$work/t" && mv "$work/t" "$work/table"
  refused 'row duo has 18 columns, and the table 19'
  table
  sed -n 2p "$work/table" >>"$work/table"
  refused 'a second row duo'
  for value in 8x 0x8 -8 08 8.0 99999999999; do
    table Lanes=$value
    refused "row duo: Lanes is $value, and must be a number"
  done
  : >"$work/table"
  refused 'there is no row'
  sed 's/^duo /Duo; /' rtl/configs.txt >"$work/table"
  refused 'row Duo;: a name is'
  table
  TRINE_CONFIGS=$work/table sh sw/tools/config.sh check nano 2>"$work/err" &&
    fail "a row that is not there is found"
  grep -q "no configuration 'nano'" "$work/err" || fail "$(cat "$work/err")"
}

# The parameters of trine_top by themselves, past config.sh.
rtl_refuses() { # Field=value rule
  count=$((count + 1))
  # shellcheck disable=SC2046
  ${VERILATOR:-verilator} --lint-only --top-module trine_top -Irtl/common -Wno-lint \
    $(sh sw/tools/config.sh verilator duo) "-G$1" $(sed 's/#.*//' rtl/files.txt) \
    >"$work/out" 2>&1 && fail "the RTL takes $1"
  grep -q "outside its range: $2" "$work/out" || fail "the RTL does not say $2 of $1"
}

# make with tools that only write what they are asked for: which would it run again?
fake_tools() {
  cat >"$work/fake" <<'END'
#!/bin/sh
# $1 is the tool; the file it makes is written down, and made.
tool=$1
shift
case $tool in
  ar) out=$2 ;;
  verilator)
    case $1 in --version | --getenv) echo "Verilator 0.1"; exit 0 ;; esac
    while [ "$1" != -Mdir ]; do shift; done
    out=$2/Vtrine_top.mk
    printf '%%.o %%.a:\n\t@touch $@\n' >"$out"
    ;;
  *)
    case $* in *-fno-gnu-unique\ -E*) exit 0 ;; esac
    while [ $# -gt 0 ] && [ "$1" != -o ]; do shift; done
    out=${2:-none}
    ;;
esac
echo "$out" >>"$FAKE_LOG"
[ "$tool" = verilator ] || : >"$out"
END
}

fake_make() { # targets of the copy
  : >"$FAKE_LOG"
  make -s -C "$work/tree" CC="sh $work/fake cc" CXX="sh $work/fake cxx" AR="sh $work/fake ar" \
    VERILATOR="sh $work/fake verilator" PLAIN=1 "$@" >"$work/make.log" 2>&1 || {
    fail "make $*: $(tail -n 3 "$work/make.log")"
  }
}

new_row_builds_nothing_else() {
  fake_tools
  FAKE_LOG=$work/made
  export FAKE_LOG
  git ls-files -co --exclude-standard | tar -c -T - 2>/dev/null | (mkdir "$work/tree" &&
    tar -x -C "$work/tree")
  # What the compilers would write beside the objects: which headers these read.
  set -- build/trine build/libtrine_sim_duo.so build/libtrine_sim_nano.so
  fake_make "$@"
  [ "$(grep -c . "$FAKE_LOG")" -gt 100 ] || fail "make built only $(cat "$FAKE_LOG")"
  for object in $(find "$work/tree/build/obj/sw" -name '*.o'); do
    name=${object#"$work/tree/build/obj/"}
    grep -qs '"trine_configs.h"' "$work/tree/${name%.o}.c" &&
      echo "build/obj/$name: build/gen/trine_configs.h" >"${object%.o}.d"
  done
  fake_make "$@"
  [ ! -s "$FAKE_LOG" ] || fail "make does not rest: $(head -n 3 "$FAKE_LOG")"
  sleep 1
  sed -n 's/^duo /mine /p' rtl/configs.txt >>"$work/tree/rtl/configs.txt"
  fake_make "$@"
  tr '\n' ' ' <"$FAKE_LOG" >"$work/again"
  [ "$(cat "$work/again")" = 'build/obj/sw/session/config.o build/libtrine_sw.a build/trine ' ] ||
    fail "a new row makes again: $(cut -c1-300 "$work/again")"
  sed -i 's/^nano \( *\)2 /nano \14 /' "$work/tree/rtl/configs.txt"
  fake_make "$@"
  grep -q sim/nano "$FAKE_LOG" || fail "a row that changed builds its chip not again"
  grep -q sim/duo "$FAKE_LOG" && fail "a row that changed builds another's chip"
}

rules_of_rows
every_rule_was_broken
tables_that_are_none
rtl_refuses RingBytes=3000 gen_rule_RingBytes_3
rtl_refuses Lanes=6 gen_rule_Lanes_1
new_row_builds_nothing_else
[ $failed -eq 0 ] && echo "$count tables and parameters refused; a new row builds nothing else"
exit $failed
