#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# page.sh: prints docs/portability.md from the results in build/portability (run.sh), of the cases
# of cases.txt. Fails when there is none.
set -eu
here=tests/portability
work=build/portability

value() { sed -n "s/^$2: //p" "$work/$1.result"; }

names=$(sed -n 's/^\([a-z][a-z0-9-]*\) *@.*/\1/p' $here/cases.txt)
kept=
for name in $names; do
  [ ! -f "$work/$name.result" ] || kept="$kept $name"
done
[ -n "$kept" ] || { echo "There is no result: make portability keeps them." >&2; exit 1; }

cat <<'END'
# Other people's machines

Written by `make docs-portability` after `make portability`; not to be edited.

Each case builds a copy of the tree with other tools and runs the quick suites there. What the build
does by itself with a Verilator that tb/share and tb/wake were not made for is in
[simulation.md](simulation.md); `make doctor` says which versions of each tool the tests have run
with, and `untried` of those that are newer. Debian 12 with its own tools is no case: `make test`
runs everything there. Configuration `duo`, the one that is built when nothing else is asked for;
its chips are *rewritten* (the fast ones) or *plain*.

A host of 32 bits has to compute floats in single precision (sw/model/rounding.h says so when it is
compiled): gcc for x86 wants `CC='gcc -msse2 -mfpmath=sse'`. There the unit tests run under the
sanitizers, on the fake device; the simulated chip is not built.

END
echo '| case | what for | Verilator, chips | compilers | commit | minutes | |'
echo '|---|---|---|---|---|---|---|'
for name in $kept; do
  cc=$(value "$name" cc)
  cxx=$(value "$name" 'c++')
  case " $(value "$name" steps) $(value "$name" status) " in
    *' build '*) chips="$(value "$name" verilator), $(value "$name" chips)" ;;
    *) chips='none is built' ;;
  esac
  echo "| $name | $(value "$name" purpose) | $chips | $cc; $cxx |" \
    "$(value "$name" commit) | $(value "$name" minutes) | $(value "$name" status) |"
done
echo
echo 'Steps:'
echo
for name in $kept; do
  echo "- $name:$(value "$name" steps | sed 's/^/ /; s/  */ /g; s/\([a-z]\) /\1, /g')"
done
echo
echo 'Each step is a line of:'
echo
sed -n 's/^\([a-z][a-z-]*\)  *\(.*\)/    \1: \2/p' $here/steps.txt | sed 's/ \$VARS//'
echo
echo "Besides: $(value "${kept##* }" others)."
for name in $names; do
  [ -f "$work/$name.result" ] || printf '\nNot run: %s.\n' "$name"
done
