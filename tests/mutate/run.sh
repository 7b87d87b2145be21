#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# run.sh: break one line at a time (rooms/*.txt, a list a room); the test named must turn red.
#
#   run.sh [ID ...]     all mutants, or those named
#
# Works on a copy of the tree in build/mutate/tree, whose own build folder is kept, so only what a
# mutant touches is built again. Every command must first pass on the copy as it is. Then as many
# copies of it, built already, as there are processors (TRINE_MUTANT_JOBS) take mutants from the end
# of the list, where the slow ones are. A mutant that does not apply (its old text is not there
# exactly once), does not compile, or survives fails the run. A test that does not end within
# TRINE_MUTANT_SECONDS (900) counts as red, as a hang would.
# What was caught, in how many seconds and at which commit, is kept in build/mutate/results for
# table.sh.
# TRINE_MUTANT_WORK names another folder than build/mutate for the copy, for runs side by side.
set -u
cd "$(dirname "$0")/../.." || exit 1

limit=${TRINE_MUTANT_SECONDS:-900}
work=${TRINE_MUTANT_WORK:-$PWD/build/mutate}
tree=$work/tree
jobs=${TRINE_MUTANT_JOBS:-$(nproc 2>/dev/null || echo 1)}
logs=$work/logs
results=$PWD/build/mutate/results
unset MAKEFLAGS MFLAGS MAKELEVEL
mkdir -p "$tree" "$logs" "$results"
list=$work/mutants.txt
cat tests/mutate/rooms/*.txt >"$list" || exit 1

sync_tree() { # only what differs is copied, so that times stay and little is built again
  git ls-files -co --exclude-standard | while IFS= read -r file; do
    [ -f "$file" ] || continue
    cmp -s "$file" "$tree/$file" && continue
    mkdir -p "$tree/$(dirname "$file")"
    cp "$file" "$tree/$file"
  done
  (cd "$tree" && find . -path ./build -prune -o -type f -print) | while IFS= read -r file; do
    [ -f "$file" ] || rm -f "${tree:?}/$file"
  done
}

# A line of a log that says that nothing was run; an assertion that fires ends with a $stop line.
build_error='^%Error|^[^ ]*:[0-9]+:[0-9]+: (fatal )?error:|syntax error'

field() { # line number: one field of that line of the list
  awk -v want="$1" -v n="$2" 'NR == want {
    split($0, part, / @@ /)
    print part[n]
  }' "$list"
}

lines_wanted() { # ids: numbers of the lines to run
  awk -v ids=" $* " '/^#/ || NF == 0 { next }
    { id = $1 }
    ids == "  " || index(ids, " " id " ") { print NR }' "$list"
}

# Old and new go through the environment: awk would read backslashes in -v.
mutate() { # file old new: writes the mutant to standard output; 1 unless old is there once
  OLD=$2 NEW=$3 awk '
    { text = text $0 "\n" }
    END {
      old = ENVIRON["OLD"]
      at = index(text, old)
      if (old == "" || at == 0) exit 1
      rest = substr(text, at + length(old))
      if (index(rest, old)) exit 1
      printf "%s%s%s", substr(text, 1, at - 1), ENVIRON["NEW"], rest
    }' "$1"
}

run_in_tree() { # command log
  (cd "$tree" && timeout "$limit" sh -c "$1") >"$2" 2>&1 </dev/null
}

baseline() { # lines: each command once, on the tree as it is
  for line in "$@"; do field "$line" 5; done | awk '!seen[$0]++' >"$work/commands"
  while IFS= read -r command <&3; do
    if ! MAKEFLAGS=-j$jobs run_in_tree "$command" "$logs/baseline.log"; then
      echo "Without any mutant, '$command' fails:" >&2
      tail -n 20 "$logs/baseline.log" >&2
      return 1
    fi
  done 3<"$work/commands"
}

try_mutant() { # line: prints its row; 1 unless the test turned red
  id=$(field "$1" 1)
  file=$(field "$1" 2)
  command=$(field "$1" 5)
  log=$logs/$id.log
  start=$(date +%s)
  original=$tree.original
  mutant=$tree.mutant
  cp "$tree/$file" "$original"
  if ! mutate "$original" "$(field "$1" 3)" "$(field "$1" 4)" >"$mutant" 2>/dev/null; then
    verdict='does not apply'
  elif cmp -s "$original" "$mutant"; then
    verdict='changes nothing'
  else
    cp "$mutant" "$tree/$file"
    run_in_tree "$command" "$log"
    status=$?
    cp "$original" "$tree/$file"
    verdict=caught
    [ $status -ne 124 ] || verdict='caught (hang)'
    if [ $status -eq 0 ]; then
      verdict=SURVIVED
    elif grep -v 'Verilog \$stop' "$log" | grep -qE "$build_error"; then
      verdict='does not build'
    fi
  fi
  seconds=$(($(date +%s) - start))
  printf '%-16s %-28s %-36s %4d s  %s\n' "$verdict" "$id" "$file" "$seconds" "$command"
  rm -f "$results/$id"
  case $verdict in caught*) ;; *) return 1 ;; esac
  {
    printf '%s\n%s\n' "$verdict" "$seconds"
    sed -n "$1p" "$list"
    echo "$commit"
  } >"$results/$id"
}

begin=$(date +%s)
commit=$(git describe --always --dirty)
sync_tree
# shellcheck disable=SC2046
set -- $(lines_wanted "$@")
if [ $# -eq 0 ]; then
  echo "There is no such mutant in $list." >&2
  exit 2
fi
baseline "$@" || exit 1

# Whoever makes the folder of a line first has the mutant.
take_all() { # number of the worker, lines
  tree=$work/tree$1
  shift
  for line in "$@"; do
    mkdir "$work/taken/$line" 2>/dev/null || continue
    try_mutant "$line" && : >"$work/taken/$line/caught"
  done
}

rm -rf "$work/taken"
mkdir "$work/taken"
# shellcheck disable=SC2046
set -- $(printf '%s\n' "$@" | sort -rn)
[ "$jobs" -le $# ] || jobs=$#
worker=1
while [ "$worker" -le "$jobs" ]; do
  rm -rf "$work/tree$worker"
  cp -a "$tree" "$work/tree$worker"
  take_all "$worker" "$@" &
  worker=$((worker + 1))
done
wait
caught=$(find "$work/taken" -name caught | wc -l)
minutes=$((($(date +%s) - begin + 59) / 60))
times >"$work/times"
used=$(awk 'NR == 2 { split($0, t, /[ms ]+/); print int(t[1] * 60 + t[2] + t[3] * 60 + t[4]) }' \
  "$work/times")
echo "$caught of $# mutants caught in $minutes minutes, $used s of processor time"

[ "$caught" -eq $# ]
