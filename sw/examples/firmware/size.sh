#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# size.sh: text and RAM of the runtime in a firmware, without image, rows and the C library.
#
#   size.sh FIRMWARE.elf FIRMWARE.map     fails above the goals: 12 KiB of text, 2 KiB of RAM
set -eu

elf=$1
most_text=12288
most_ram=2048

# Functions and constants of the runtime by name, those that the compiler split off included.
text=$(riscv64-unknown-elf-nm -S "$elf" | awk '
  function number(hex,   n, i) {
    for (i = 1; i <= length(hex); i++) n = 16 * n + index("0123456789abcdef", substr(hex, i, 1)) - 1
    return n
  }
  NF == 4 && $3 ~ /^[tTrR]$/ && $4 !~ /^(model_|main$|board_|mem|_|__)/ { sum += number($2) }
  END { print sum }')
ram=$(riscv64-unknown-elf-nm -S "$elf" | awk '
  function number(hex,   n, i) {
    for (i = 1; i <= length(hex); i++) n = 16 * n + index("0123456789abcdef", substr(hex, i, 1)) - 1
    return n
  }
  NF == 4 && $4 ~ /^(device|run)$/ { sum += number($2) }
  END { print sum }')
echo "runtime on rv32imac -Os: $text bytes of text (at most $most_text)," \
  "$ram bytes of RAM (at most $most_ram) beside image, rows and scratch"
[ "$text" -gt 0 ] && [ "$text" -le "$most_text" ] && [ "$ram" -gt 0 ] && [ "$ram" -le "$most_ram" ]
