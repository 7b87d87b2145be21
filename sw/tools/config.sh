#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# config.sh: turn rtl/configs.txt, the table of named configurations, into what a tool wants.
# TRINE_CONFIGS in the environment names another table like it, for all but the header.
#
#   config.sh names               every name, one a line
#   config.sh check NAME          fail with one sentence when there is no such configuration
#   config.sh value NAME FIELD    one value
#   config.sh verilator NAME      -GField=value ... for verilator
#   config.sh yosys NAME          chparam -set Field value ... trine_top
#   config.sh header              the whole table as a C header, on stdout
set -eu

action=${1:?action}
table=$(dirname "$0")/../../rtl/configs.txt
[ "$action" = header ] || table=${TRINE_CONFIGS:-$table}
name=${2:-}
field=${3:-}

rows() { # the table without comments and blank lines
  sed -e 's/#.*//' -e '/^[[:space:]]*$/d' "$table"
}

pick() { # name: "Field value" lines of one configuration
  rows | awk -v name="$1" '
    NR == 1 { for (i = 2; i <= NF; i++) field[i] = $i; next }
    $1 == name { for (i = 2; i <= NF; i++) print field[i], $i }'
}

require() {
  if ! rows | awk -v name="$1" 'NR > 1 && $1 == name { found = 1 } END { exit !found }'; then
    known=$(rows | awk 'NR > 1 { printf " %s", $1 }')
    echo "There is no configuration '$1'; rtl/configs.txt has:$known." >&2
    exit 2
  fi
}

header() {
  rows | awk '
    function snake(word) {
      sub(/^XS/, "X_S", word)
      while (match(word, /[a-z][A-Z]/))
        word = substr(word, 1, RSTART) "_" substr(word, RSTART + 1)
      return tolower(word)
    }
    NR == 1 {
      print "/* SPDX-License-Identifier: Apache-2.0 */"
      print "/* Generated from rtl/configs.txt by sw/tools/config.sh: the named configurations. */"
      print "#ifndef TRINE_CONFIGS_H\n#define TRINE_CONFIGS_H\n\n#include <stdint.h>\n"
      print "/* One row a configuration; units are those of docs/architecture.md. */"
      print "struct trine_config_row {\n  const char *name;"
      for (i = 2; i <= NF; i++) print "  uint32_t " snake($i) ";"
      print "};\n\nstatic const struct trine_config_row trine_config_rows[] = {"
      fields = NF
      next
    }
    NF != fields {
      print "rtl/configs.txt: row " $1 " has " NF " columns, the header " fields > "/dev/stderr"
      exit 1
    }
    {
      line = "    {\"" $1 "\""
      for (i = 2; i <= NF; i++) line = line ", " $i
      print line "},"
      count++
    }
    END {
      print "};\n\nenum { TRINE_CONFIG_ROWS = " count + 0 " };\n\n#endif"
    }'
}

case $action in
  names) rows | awk 'NR > 1 { print $1 }' ;;
  check) require "$name" ;;
  value)
    require "$name"
    pick "$name" | awk -v f="$field" '$1 == f { print $2; found = 1 } END { exit !found }'
    ;;
  verilator) require "$name"; pick "$name" | awk '{ printf "-G%s=%s ", $1, $2 } END { print "" }' ;;
  yosys)
    require "$name"
    pick "$name" | awk '
      { line = line " -set " $1 " " $2 }
      END { print "chparam" line " trine_top" }'
    ;;
  header) header ;;
  *) echo "config.sh: unknown action '$action'" >&2; exit 2 ;;
esac
