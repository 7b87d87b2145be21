#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# sections.sh: the parts of documents that repeat something of the tree, made from it.
#
#   sections.sh check | write    compare the documents with the tree, or rewrite the parts
#
# In a document a part stands between the lines `<!-- begin: NAME -->` and `<!-- end: NAME -->`.
set -eu
cd "$(dirname "$0")/../.."
work=build/readme-sections
mkdir -p "$work"

program() { # the program of the README
  echo '```c'
  cat sw/examples/first.c
  echo '```'
}

results() { # the table of the demo's page, rows that missed, and what it says of its origin
  awk '/^\|/ { print }
    /^- \*\*Missed/ { missed = missed $0 "\n" }
    /^Written by/ { sub(/^Written by [^.]*\. /, ""); origin = $0 }
    END { printf "\n%s%s%s\n", missed, missed == "" ? "" : "\n", origin }' docs/results.md
}

configurations() { # what a reader chooses by, of rtl/configs.txt
  awk '/^#/ { next }
    $1 == "name" {
      for (i = 2; i <= NF; i++) at[$i] = i
      print "| name | cores | MACs a core | weights a core | longest x, h | memory port |"
      print "|---|---:|---:|---:|---:|---:|"
      next
    }
    {
      printf "| `%s` | %d | %d (%d lanes of %d) | %d KiB | %d, %d | %d bits |\n", $1,
        $at["Cores"], $at["Lanes"] * $at["MacsPerLane"], $at["Lanes"], $at["MacsPerLane"],
        $at["WeightBytes"] / 1024, $at["MaxInputs"], $at["MaxUnits"], 8 * $at["MemBytes"]
    }' rtl/configs.txt
}

modules() { # the first sentence of each module's header, in the order of rtl/files.txt
  echo '| module | what it does |'
  echo '|---|---|'
  sed -n 's/^\(rtl.*\.sv\)$/\1/p' rtl/files.txt | while read -r file; do
    awk 'NR == 1 { next }
      !/^\/\/ ./ { exit }
      { sub(/^\/\/ /, ""); text = text (text == "" ? "" : " ") $0 }
      END {
        name = text
        sub(/:.*/, "", name)
        text = substr(text, length(name) + 3)
        if (match(text, /\.( |$)/)) text = substr(text, 1, RSTART - 1)
        gsub(/\|/, "\\|", text)
        gsub(/\*/, "\\*", text)
        printf "| [%s](../%s) | %s |\n", name, FILENAME, text
      }' "$file"
  done
}

put() { # NAME DOCUMENT: the document with the part in it, on standard output
  awk -v name="$1" -v part="$work/$1" '
    $0 == "<!-- end: " name " -->" { inside = 0; ends++ }
    !inside { print }
    $0 == "<!-- begin: " name " -->" {
      inside = 1
      begins++
      while ((getline line < part) > 0) print line
    }
    END { exit !(begins == 1 && ends == 1) }' "$2"
}

failed=0
part() { # NAME DOCUMENT
  "$1" >"$work/$1"
  if ! put "$1" "$2" >"$work/document"; then
    echo "$2 has not one part '$1'"
    failed=1
  elif [ "$mode" = write ]; then
    cmp -s "$work/document" "$2" || cp "$work/document" "$2"
  elif ! diff -u "$2" "$work/document" >"$work/diff"; then
    echo "$2: the part '$1' is not what the tree says (make docs-parts rewrites it):"
    head -n 20 "$work/diff"
    failed=1
  fi
}

mode=${1:-check}
part program README.md
part results README.md
part configurations README.md
part modules docs/architecture.md
exit $failed
