#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# closed.sh: tb/wake fails closed. A translated model that is not as it knows them, or of which too
# little would sleep, ends in one sentence with the way out, is left as it was, and make builds no
# chip of it; PLAIN=1 does.
#
# Run from the top folder after `make wake-test` has translated build/plain/sim/duo, which is what
# Verilator wrote, and built build/wake.
set -u
build=${TRINE_BUILD:-build}
unset MAKEFLAGS MFLAGS MAKELEVEL
work=$build/wake-closed
rates=tb/wake/rates.txt
way=' (make PLAIN=1 builds chips without tb/share and tb/wake)'
failed=0
count=0
seed=none # nothing here is drawn
echo "seed $seed"
rm -rf "$work"
mkdir -p "$work/written" "$work/shared" "$work/empty"
cp "$build"/plain/sim/duo/*.cpp "$build"/plain/sim/duo/*.h "$build"/plain/sim/duo/*.mk \
  "$work/written"
cp "$work"/written/* "$work/shared"
sh tb/share/merge.sh "$work/shared" >/dev/null

fail() {
  echo "wake: $*" >&2
  failed=1
}

# Exit 1 and one sentence with the words and the way out.
refused() { # words, arguments of the program
  count=$((count + 1))
  words=$1
  shift
  "$build/wake" "$@" >"$work/out" 2>"$work/err"
  status=$?
  [ $status -eq 1 ] && [ ! -s "$work/out" ] && [ "$(wc -l <"$work/err")" -eq 1 ] ||
    fail "exit $status, not 1 with one sentence of '$words': $(cat "$work/out" "$work/err")"
  grep -q "^wake: .*$words.*$way\$" "$work/err" || fail "no '$words' in: $(cat "$work/err")"
}

# The shared model, changed by a line of sed in files of a pattern, which must change something.
spoilt() { # words, files, command of sed
  rm -rf "$work/model"
  cp -r "$work/shared" "$work/model"
  # shellcheck disable=SC2086
  (cd "$work/model" && sed -i "$3" $2)
  diff -rq "$work/shared" "$work/model" >/dev/null && fail "'$3' changes nothing"
  cp -r "$work/model" "$work/before"
  refused "$1" "$work/model" ${4:-$rates}
  diff -r "$work/before" "$work/model" >/dev/null || fail "a model that is refused is changed: $3"
  rm -r "$work/before"
}

# What is refused below is refused for what was changed.
cp -r "$work/shared" "$work/model"
"$build/wake" "$work/model" $rates >"$work/out" 2>&1 &&
  awk '$1 == "WAKE" && $2 * 100 >= $4 * 60 { good = 1 } END { exit !good }' "$work/out" ||
  fail "the model that Verilator wrote is refused: $(cat "$work/out")"
! diff -rq "$work/shared" "$work/model" >/dev/null || fail "nothing was rewritten"

refused 'wants the folder' "$work/shared"
refused 'there is no folder .*nowhere' "$work/nowhere" $rates
refused 'cannot read .*nowhere' "$work/shared" "$work/nowhere"

# Nothing is recognised, or not all.
order='do not share their code, or an order of calls that is not known'
refused "$order" "$work/empty" $rates
sh tb/share/merge.sh "$work/empty" 2>"$work/err" && fail "merge.sh holds without a file"
grep -q "^share: .*$way\$" "$work/err" || fail "merge.sh says $(cat "$work/err")"
refused "$order" "$work/written" $rates
spoilt "$order" '*.cpp' 's/___eval_nba/___eval_act_region/'
spoilt "$order" '*.cpp' 's/___eval_ico/___eval_inputs/'
spoilt "$order" '*.cpp' 's/_sequent__/_sequence__/g'
spoilt "$order" '*.cpp' '/^VL_INLINE_OPT void .*_nba_sequent__.*{/s/void/static void/'
spoilt "$order" '*root__DepSet*.cpp' '0,/nba_sequent.*BRA__1__KET____DOT__u_core));/{ //d }'
spoilt "$order" '*root__DepSet*.cpp' 's/^\( .*___nba_sequent__TOP__2\)(vlSelf)/\1b(vlSelf)/'
spoilt 'where the statements of .* begin is not known' '*.cpp' '/^ *\/\/ Body$/d'
spoilt 'where the statements of .*TOP__3 begin is not known' '*.cpp' \
  '/void .*sequent__TOP__3(.*{$/,/^}/{ /^ *\/\/ Body$/d }'
spoilt 'where the last statement of .* ends is not known' '*core*DepSet*.cpp' \
  '0,/^    \/\/ Body$/s/^    \/\/ Body$/&\n    if ((vlSelf->clk_i) {}/'
spoilt '0 of 0 statements would sleep' '*.cpp' \
  '/sequent__.*{$/,/^}/{ /Body$/,/^}/{ /Body$/!{ /^}/!d } } }'

# Something in it is of a kind that is not known.
spoilt 'what .* writes is not known' '*core*DepSet*__1.cpp' \
  '0,/^    vlSelf->[a-z_A-Z0-9]* = /s/^\(    vlSelf->[a-z_A-Z0-9]*\) = /\1 ^= /'
spoilt 'what VL_STRANGE_II() writes is not known' '*DepSet*.cpp' \
  '0,/^    vlSelf->/s/^    vlSelf->/    VL_STRANGE_II(1, vlSelf->clk_i);\n    vlSelf->/'

# Fewer sleep than 60 of 100: all that is read changes in every cycle; no rates at all are well.
{
  grep -oh 'vlSelf->[A-Za-z0-9_]*' "$work"/shared/*DepSet*.cpp | sed 's/vlSelf->//'
  grep -oh 'TOP[A-Za-z0-9_]*\.[A-Za-z0-9_]*' "$work"/shared/*DepSet*.cpp | sed 's/.*\.//'
} | sort -u | sed 's/$/ 100/' >"$work/busy.txt"
refused '[0-9] of [0-9]* statements would sleep, and 60 of 100 are expected at least' \
  "$work/shared" "$work/busy.txt"

# make stops there: a Verilator that writes what is not known.
cat >"$work/verilator" <<END
#!/bin/sh
[ "\$1" = --version ] && { echo 'Verilator 5.006 2023-01-22'; exit; }
[ "\$1" = --getenv ] && { verilator "\$@"; exit; }
while [ "\$1" != -Mdir ]; do shift; done
cp $PWD/$work/written/* "\$2" && sed -i 's/_sequent__/_sequence__/g' "\$2"/*.cpp
END
chmod +x "$work/verilator"
chip=$work/build/sim/duo/Vtrine_top.mk
if make B="$work/build" PLAIN=0 VERILATOR="$PWD/$work/verilator" "$chip" >"$work/out" 2>&1; then
  fail "make goes on after: $(cat "$work/out")"
fi
grep -q 'make PLAIN=1' "$work/out" || fail "make does not say what to do: $(cat "$work/out")"
[ ! -e "$chip" ] || fail "make leaves $chip"
make B="$work/build" PLAIN=1 VERILATOR="$PWD/$work/verilator" "$chip" >"$work/out" 2>&1 &&
  [ -e "$chip" ] || fail "PLAIN=1 does not translate: $(cat "$work/out")"

[ "$failed" -eq 0 ] && echo "$count models that are not as they were known are refused"
exit "$failed"
