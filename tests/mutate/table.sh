#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# table.sh: writes docs/mutation.md from the list of mutants and from tests/mutate/caught.tsv, into
# which it first takes what run.sh has kept since.
#
# caught.tsv has a line a mutant: name, sum of its line in the list, verdict, seconds, commit. A
# line of the list that has changed since is one that nobody has seen caught, and the page says so.
set -u
cd "$(dirname "$0")/../.." || exit 1

results=build/mutate/results
seen=tests/mutate/caught.tsv
mkdir -p build/mutate

sum() { # a line of the list
  printf '%s\n' "$1" | cksum | cut -d' ' -f1
}

# The lists, with the sum of each line in front.
cat tests/mutate/rooms/*.txt | grep -v -e '^#' -e '^$' | while IFS= read -r line; do
  printf '%s @@ %s\n' "$(sum "$line")" "$line"
done >build/mutate/listed

# What run.sh kept: verdict, seconds, the line and the commit, a file a mutant.
for kept in "$results"/*; do
  [ -f "$kept" ] || continue
  printf '%s\t%s\t%s\t%s\t%s\n' "${kept##*/}" "$(sum "$(sed -n 3p "$kept")")" \
    "$(sed -n 1p "$kept")" "$(sed -n 2p "$kept")" "$(sed -n 4p "$kept")"
done >build/mutate/new.tsv

# The new ones stand for the old; mutants that are no more go.
awk -F '\t' -v OFS='\t' '
  FILENAME ~ /listed$/ { split($0, part, / @@ /); order[++count] = part[2]; next }
  FILENAME ~ /new.tsv$/ || !($1 in line) { line[$1] = $0 }
  END { for (i = 1; i <= count; i++) if (order[i] in line) print line[order[i]] }
' build/mutate/listed build/mutate/new.tsv "$seen" >build/mutate/caught.tsv || exit 1
cp build/mutate/caught.tsv "$seen"
rm -f "$results"/*

awk -F '\t' '
  FILENAME ~ /caught.tsv$/ {
    sum[$1] = $2
    verdict[$1] = $3
    seconds[$1] = $4
    at[$1] = $5
    next
  }
  {
    split($0, part, / @@ /)
    id = part[2]
    command = part[6]
    sub(/^.* && /, "", command)
    sub(/^make -s/, "make", command)
    gsub(/\|/, "\\|", command)
    count++
    if (id in sum && sum[id] == part[1]) {
      caught++
    } else {
      verdict[id] = "not seen as it is listed"
      seconds[id] = at[id] = "-"
    }
    rows = rows sprintf("| %s | `%s` | `%s` | %s | %s | %s |\n", id, part[3], command,
      verdict[id], seconds[id], at[id])
  }
  END {
    printf "%d of %d were seen caught as they are listed, each at the commit beside it.\n\n",
      caught, count
    print "| mutant | broken file | test that fails | result | seconds | commit |"
    print "|---|---|---|---|---:|---|"
    printf "%s", rows
  }' "$seen" build/mutate/listed >build/mutate/rows || exit 1

{
  cat <<'END'
# Tests that can fail

A test is worth what it turns red for. Each mutant of `tests/mutate/rooms` breaks one line of
the RTL, the driver, the host side or the rewriters of tb as a real bug would, in a copy of the
tree, and names the test that must then fail. `make mutate` runs all, `make mutate MUTANTS="ID ..."`
some. It fails when a mutant survives, no longer applies or does not build, or when a test is red
without any mutant. `make mutate-table` writes this page from tests/mutate/caught.tsv, into which it
takes what was caught since.

Seconds are those of building and running the test with the mutant, beside another mutant and
whatever else the machine did; of some they were not kept. "Hang" means that the test was ended at
its time limit. A mutant whose line in the list has changed since it was caught counts as one that
was not seen, unless only names have changed.

END
  cat build/mutate/rows
} >docs/mutation.md
head -n 1 build/mutate/rows
