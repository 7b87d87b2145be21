#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# table.sh: writes docs/mutation.md from the list of mutants and what run.sh kept of each.
#
# Fails, and leaves the old page, unless every mutant of the list as it is now was caught.
set -u
cd "$(dirname "$0")/../.." || exit 1

results=build/mutate/results
page=build/mutate/mutation.md
missing=0

row() { # a line of the list, its verdict and seconds: a row of the table
  LINE=$1 VERDICT=$2 SECONDS_TAKEN=$3 awk 'BEGIN {
    split(ENVIRON["LINE"], part, / @@ /)
    command = part[5]
    sub(/^.* && /, "", command)
    sub(/^make -s/, "make", command)
    gsub(/\|/, "\\|", command)
    printf "| %s | `%s` | `%s` | %s | %d |\n", part[1], part[2], command, ENVIRON["VERDICT"],
      ENVIRON["SECONDS_TAKEN"]
  }'
}

{
  cat <<'END'
# Tests that can fail

A test is worth what it turns red for. Each mutant of `tests/mutate/rooms` breaks one line of
the RTL, the driver, the host side or the rewriters of tb as a real bug would, in a copy of the
tree, and names the test that must then fail. `make mutate` runs all, `make mutate MUTANTS="ID ..."`
some. It fails when a mutant survives, no longer applies or does not build, or when a test is red
without any mutant. `make mutate-table` writes this page from the last run of each; it takes only
results of the mutants as they are listed now.

Seconds are those of building and running the test with the mutant, beside another mutant and
whatever else the machine did. "Hang" means that the test was ended at its time limit.

END
  [ ! -f "$results.origin" ] || { fold -s -w 100 "$results.origin" | sed 's/ *$//'; echo; }
  echo "| mutant | broken file | test that fails | result | seconds |"
  echo "|---|---|---|---|---:|"
} >"$page"

cat tests/mutate/rooms/*.txt | grep -v -e '^#' -e '^$' >"$results.list"
while IFS= read -r line <&3; do
  id=${line%% *}
  if [ ! -f "$results/$id" ] || [ "$(sed -n 3p "$results/$id")" != "$line" ]; then
    echo "$id was not caught as it is listed: make mutate MUTANTS=$id" >&2
    missing=1
    continue
  fi
  row "$line" "$(sed -n 1p "$results/$id")" "$(sed -n 2p "$results/$id")" >>"$page"
done 3<"$results.list"
[ $missing -eq 0 ] || exit 1
cp "$page" docs/mutation.md
