#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# analyse.sh: gcc's analyser over one C file; a finding fails, unless the list knows it.
#
#   sh tests/lint/analyse.sh LIST FILE STAMP COMPILER [FLAGS...]
#
# A row of LIST is: file, function, option (-Wanalyzer-...), and behind them why the finding is not
# true. A row that finds nothing any more fails too. Writes STAMP and STAMP.d, the headers FILE
# reads, when all is well.
set -u

list=$1 file=$2 stamp=$3
shift 3
said=$stamp.$$
trap 'rm -f "$said"' EXIT
rm -f "$stamp"
mkdir -p "$(dirname "$stamp")" || exit 1

# -O0: what is inlined and merged costs the analyser more, and it reports the same.
if ! LC_ALL=C "$@" -O0 -fanalyzer --param analyzer-bb-explosion-factor=4 -fno-diagnostics-color \
  -MMD -MP -MT "$stamp" -MF "$stamp.d" -c -o "$stamp.o" "$file" 2>"$said"; then
  cat "$said" >&2
  exit 1
fi
awk -v file="$file" '
  FILENAME != "-" {
    if ($0 !~ /^#/ && $1 == file) {
      if (NF < 4) { print "analyse: the row of " $1 ", " $2 " says no reason"; bad = 1 }
      known[$2 " " $3] = 1
    }
    next
  }
  { text[++lines] = $0 }
  / In function / { split($0, part, "\047"); name = part[2] }
  / warning: / {
    option = $NF
    gsub(/[][]/, "", option)
    key = name " " option
    if (key in known) used[key] = 1; else bad = found = 1
  }
  END {
    for (n = 1; found && n <= lines; n++) print text[n]
    for (key in known) if (!(key in used)) {
      print "analyse: " file ": " key " is found no more; take its row out of the list"
      bad = 1
    }
    exit bad
  }' "$list" - <"$said" >&2 || exit 1
: >"$stamp"
