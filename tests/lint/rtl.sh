#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# rtl.sh: lint the RTL of one configuration: rtl.sh verilator NAME | rtl.sh yosys NAME.
#
# verilator: -Wall, where any warning fails that rtl/lint/*.vlt does not waive.
# yosys: read, elaborate and proc, where any warning fails that rtl/lint/yosys_allowed.txt
# (regular expression, tab, reason) does not allow: Yosys says in a warning what it then gets wrong.
set -eu
cd "$(dirname "$0")/../.."

tool=${1:?tool}
name=${2:?configuration}
files=$(sed -e 's/#.*//' rtl/files.txt)
includes=$(find rtl -name '*.svh' | sed -e 's|/[^/]*$||' -e 's/^/-I/' | sort -u)
logs=build/logs
mkdir -p $logs

with_verilator() {
  log=$logs/lint-verilator-$name.log
  # shellcheck disable=SC2046,SC2086
  verilator --lint-only -Wall --assert --top-module trine_top $includes \
    $(sh sw/tools/config.sh verilator "$name") $(find rtl/lint -name '*.vlt' | sort) $files \
    >"$log" 2>&1 && return 0
  # One line a message; the log has the rest.
  grep -E '^%(Warning|Error)' "$log" | awk '!seen[$0]++' | head -n 40
  return 1
}

with_yosys() {
  log=$logs/lint-yosys-$name.log
  script="read_verilog -sv -defer $(echo $includes $files)
    $(sh sw/tools/config.sh yosys "$name")
    hierarchy -check -top trine_top
    proc"
  if ! echo "$script" | yosys -q -s /dev/stdin >"$log" 2>&1; then
    tail -n 5 "$log"
    return 1
  fi
  # A warning may name a line of a file: kept, so that the message leads there.
  awk -v allowed=rtl/lint/yosys_allowed.txt '
    BEGIN {
      FS = "\t"
      while ((getline line < allowed) > 0)
        if (line !~ /^#/ && split(line, part, "\t") == 2) pattern[++count] = part[1]
    }
    /[Ww]arning:/ {
      for (i = 1; i <= count; i++) if ($0 ~ pattern[i]) next
      if (!seen[$0]++) { print; found = 1 }
    }
    END { exit found }' "$log"
}

case $tool in
  verilator) with_verilator ;;
  yosys) with_yosys ;;
  *) echo "rtl.sh: unknown tool '$tool'" >&2; exit 2 ;;
esac
