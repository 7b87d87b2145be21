#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# apply.sh: whether every mutant of the lists (rooms/*.txt, or those named) can be tried: its file
# is there and holds the old text exactly once. A change that moves or rewrites a line takes its
# mutant along. Says which do not apply; exit 1 when one does not, or when there is none at all.
set -eu
cd "$(dirname "$0")/../.."
[ $# -gt 0 ] || set -- tests/mutate/rooms/*.txt

awk -F ' @@ ' '
  function text_of(file,   line, all) {
    if (!(file in kept)) {
      all = ""
      while ((getline line < file) > 0) all = all line "\n"
      close(file)
      kept[file] = all
    }
    return kept[file]
  }
  function times_in(text, old,   n, at) {
    for (n = 0; (at = index(text, old)) > 0; n++) text = substr(text, at + length(old))
    return n
  }
  function refuse(why) {
    print FILENAME ":" FNR ": mutant " $1 " " why
    refused++
  }
  /^#/ || NF == 0 { next }
  { count++ }
  seen[$1]++ { refuse("is there twice") }
  NF != 5 { refuse("has " NF " fields, a mutant has 5"); next }
  $3 == $4 { refuse("changes nothing"); next }
  text_of($2) == "" { refuse("is of " $2 ", which is not there"); next }
  { found = times_in(text_of($2), $3) }
  found != 1 { refuse("wants its old text once in " $2 ", and it is there " found " times") }
  END {
    if (!count) print "There is no mutant in the lists."
    exit !count || refused > 0
  }' "$@"
