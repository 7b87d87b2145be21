#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# config.sh: turn rtl/configs.txt, the table of named configurations, into what a tool wants.
# TRINE_CONFIGS in the environment names another table like it, for all but the headers.
#
#   config.sh names               every name, one a line
#   config.sh check NAME          fail with one sentence when there is no such configuration
#   config.sh value NAME FIELD    one value
#   config.sh verilator NAME      -GField=value ... for verilator
#   config.sh yosys NAME          chparam -set Field value ... trine_top
#   config.sh instance NAME       .Field(value), ... for an instance
#   config.sh struct              a row as a C structure, in a header, on stdout
#   config.sh header              all rows in another: what includes it changes with every row
#   config.sh rules               the rules as checks of parameters in SystemVerilog, on stdout
#   config.sh c-rules             fields and rules in C, in a header, on stdout
#
# The table itself is checked whatever is asked, and the row of NAME (for header: every row) against
# rtl/config_rules.txt: one sentence with the row, the field, its value and the rule, and exit 2.
set -eu

action=${1:?action}
top=$(dirname "$0")/../..
table=$top/rtl/configs.txt
rules=$top/rtl/config_rules.txt
case $action in struct | header | c-rules) ;; *) table=${TRINE_CONFIGS:-$table} ;; esac
shown=${table#"$top"/}
name=${2:-}
field=${3:-}

rows() { # the table without comments and blank lines
  sed -e 's/#.*//' -e '/^[[:space:]]*$/d' "$table"
}

check_table() { # columns, names, and that every value is a number
  rows | awk -v shown="$shown" '
    function refuse(text) { print shown ": " text > "/dev/stderr"; bad = 1; exit 2 }
    FNR == NR {
      if ($0 !~ /^#/ && $1 != "let" && NF && !($1 in known)) { known[$1]; order[++count] = $1 }
      next
    }
    !fields {
      if ($1 != "name") refuse("the first row is not the names of columns, `name` first")
      for (i = 2; i <= NF; i++) {
        if (!($i in known)) refuse("there is no field " $i ", so no column of it")
        if ($i in column) refuse("a second column " $i)
        column[$i] = i
        field[i] = $i
      }
      for (i = 1; i <= count; i++)
        if (!(order[i] in column)) refuse("the column " order[i] " is missing")
      fields = NF
      next
    }
    $1 !~ /^[a-z][a-z0-9-]*$/ || length($1) > 30 {
      refuse("row " $1 ": a name is up to 30 of a to z, 0 to 9 and -, a letter first")
    }
    $1 in seen { refuse("a second row " $1) }
    NF != fields { refuse("row " $1 " has " NF " columns, and the table " fields) }
    {
      seen[$1]
      for (i = 2; i <= NF; i++)
        if ($i !~ /^(0|[1-9][0-9]*)$/ || length($i) > 10)
          refuse("row " $1 ": " field[i] " is " $i ", and must be a number of at most 10 digits")
    }
    END {
      if (!bad && !fields) refuse("there is no row")
    }' "$rules" - || exit 2
}

pick() { # name: "Field value" lines of one configuration
  rows | awk -v name="$1" '
    NR == 1 { for (i = 2; i <= NF; i++) field[i] = $i; next }
    $1 == name { for (i = 2; i <= NF; i++) print field[i], $i }'
}

# The conditions are the arithmetic of the shell, on variables named like the fields.
check_row() { # name
  eval "$(pick "$1" | sed 's/ /=/')"
  while IFS='@' read -r who condition words; do
    case $who in
      '#'* | '') continue ;;
      'let '*)
        set_to=${who#let }
        eval "${set_to%% =*}=\$((${set_to#*= }))"
        continue
        ;;
    esac
    who=$(echo $who)
    if [ "$(($condition))" = 0 ]; then
      eval "value=\$$who"
      echo "$shown: row $1: $who is $value, and must be$words." >&2
      exit 2
    fi
  done <"$rules"
}

require() {
  if ! rows | awk -v name="$1" 'NR > 1 && $1 == name { found = 1 } END { exit !found }'; then
    known=$(rows | awk 'NR > 1 { printf " %s", $1 }')
    echo "There is no configuration '$1'; $shown has:$known." >&2
    exit 2
  fi
  (check_row "$1") || exit 2
}

names() {
  rows | awk 'NR > 1 { print $1 }'
}

snake='
    function snake(word) {
      sub(/^XS/, "X_S", word)
      while (match(word, /[a-z][A-Z]/))
        word = substr(word, 1, RSTART) "_" substr(word, RSTART + 1)
      return tolower(word)
    }'

structure() {
  rows | awk "$snake"'
    NR == 1 {
      print "/* SPDX-License-Identifier: Apache-2.0 */"
      print "/** @file\n * trine_config_row: the columns of rtl/configs.txt."
      print " * Generated from it by sw/tools/config.sh. */"
      print "#ifndef TRINE_CONFIG_ROW_H\n#define TRINE_CONFIG_ROW_H\n\n#include <stdint.h>\n"
      print "/** One row a configuration; units and ranges are those of docs/architecture.md. */"
      print "struct trine_config_row {\n  const char *name; /**< never NULL */"
      for (i = 2; i <= NF; i++) print "  uint32_t " snake($i) "; /**< " $i " */"
      print "};\n\n#endif"
    }'
}

header() {
  rows | awk '
    NR == 1 {
      print "/* SPDX-License-Identifier: Apache-2.0 */"
      print "/* Generated from rtl/configs.txt by sw/tools/config.sh: the named configurations. */"
      print "#ifndef TRINE_CONFIGS_H\n#define TRINE_CONFIGS_H\n\n#include \"trine_config_row.h\"\n"
      print "static const struct trine_config_row trine_config_rows[] = {"
      next
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

c_rules() {
  rows | sed 1q | awk "$snake"'
    {
      print "/* SPDX-License-Identifier: Apache-2.0 */"
      print "/* Generated from rtl/config_rules.txt by sw/tools/config.sh: fields and rules. */"
      print "#ifndef TRINE_CONFIG_RULES_H\n#define TRINE_CONFIG_RULES_H\n"
      print "#include <stddef.h>\n\n#include \"trine_config_row.h\"\n"
      print "static const struct trine_config_field {\n  const char *name;\n  size_t offset;"
      print "} trine_config_fields[] = {"
      for (i = 2; i <= NF; i++)
        print "    {\"" $i "\", offsetof(struct trine_config_row, " snake($i) ")},"
      print "};\n\nenum { TRINE_CONFIG_FIELDS = " NF - 1 " };\n"
      print "/* The words of the first rule that a row breaks, its field and value; NULL: none. */"
      print "static inline const char *trine_config_broken(const struct trine_config_row *row,"
      print "                                              const char **field, uint64_t *value) {"
      for (i = 2; i <= NF; i++) print "  const uint64_t " $i " = row->" snake($i) ";"
    }'
  awk -F ' *@ *' '
    /^#/ || /^[ \t]*$/ { next }
    /^let / { print "  const uint64_t " substr($0, 5) ";"; next }
    {
      print "  if (!(" $2 ")) {\n    *field = \"" $1 "\";\n    *value = " $1 ";"
      print "    return \"" $3 "\";\n  }"
    }
    END { print "  return NULL;\n}\n\n#endif" }' "$rules"
}

system_verilog() {
  awk -F '@' '
    BEGIN {
      print "// SPDX-License-Identifier: Apache-2.0"
      print "// trine_config_rules: rules of rtl/config_rules.txt on the parameters of trine_top."
      print "// Generated from that file by sw/tools/config.sh: make gen-rules."
    }
    /^#/ || /^[ \t]*$/ { next }
    /^let / {
      split(substr($0, 5), part, " = ")
      print "localparam int unsigned Rule" part[1] " = " with(part[2]) ";"
      derived[part[1]]
      next
    }
    {
      gsub(/ /, "", $1)
      gsub(/^ +| +$/, "", $2)
      printf "`TRINE_CHECK_PARAM(gen_rule_%s_%d, %s)\n", $1, ++count[$1], with($2)
    }
    function with(text, one) { # derived values have names of their own there
      for (one in derived) gsub(one, "Rule" one, text)
      return text
    }' "$rules"
}

case $action in
  rules) system_verilog; exit 0 ;;
  names | check | value | verilator | yosys | instance | struct | header | c-rules) check_table ;;
  *) echo "config.sh: unknown action '$action'" >&2; exit 2 ;;
esac
case $action in
  names) names ;;
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
  instance)
    require "$name"
    pick "$name" | awk '{ printf "%s.%s(%s)", comma, $1, $2; comma = ", " } END { print "" }'
    ;;
  struct) structure ;;
  c-rules) c_rules ;;
  header)
    for one in $(names); do require "$one"; done
    header
    ;;
esac
