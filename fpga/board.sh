#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# board.sh: turn fpga/boards.txt, the table of boards, into what a tool wants. CONFIG may be empty:
# what the board gets without one.
#
#   board.sh names                          every board, one a line
#   board.sh check BOARD [CONFIG]           fail with one sentence when there is no such row
#   board.sh config BOARD                   the configuration it gets without CONFIG
#   board.sh value BOARD CONFIG FIELD       one value
#   board.sh clock BOARD CONFIG             kHz that the PLL gives, from the clock of the table
#   board.sh header BOARD CONFIG [CLOCKS]   trine_board_config.svh on stdout: what the top is
#                                           given; CLOCKS cycles a bit, or for 1,000,000 baud
#
# A row without a clock gets a PLL for the slowest clock there is room for: it is never placed.
set -eu

action=${1:?action}
here=$(dirname "$0")
board=${2:-}
config=${3:-}
baud=1000 # thousands

rows() {
  sed -e 's/#.*//' -e '/^[[:space:]]*$/d' "$here/boards.txt"
}

value() { # FIELD of the row of board and config
  rows | awk -v board="$board" -v config="$config" -v field="$1" '
    NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i; next }
    $1 == board && (config == "" || $2 == config) { print $at[field]; exit }'
}

check() {
  if ! rows | awk -v b="$board" 'NR > 1 && $1 == b { found = 1 } END { exit !found }'; then
    echo "There is no board '$board'; fpga/boards.txt has: $(echo $(sh "$0" names))." >&2
    exit 2
  fi
  if [ -z "$(value config)" ]; then
    known=$(rows | awk -v b="$board" '$1 == b { printf " %s", $2 }')
    echo "The board $board has no configuration '$config'; fpga/boards.txt has:$known." >&2
    exit 2
  fi
}

pll() { # MULTIPLY DIVIDE KHZ
  clock=$(value clock)
  [ "$clock" != - ] || clock=50000
  awk -v family="$(value family)" -v oscillator="$(value oscillator)" -v clock="$clock" \
    -f "$here/pll.awk"
}

header() { # clocks a bit, or nothing
  found=$(pll) || exit 2
  # shellcheck disable=SC2086
  set -- "${1:-}" $found
  bit=$(awk -v khz="$4" -v baud=$baud 'BEGIN { printf "%d", khz / baud + 0.5 }')
  awk -v khz="$4" -v baud=$baud -v bit="$bit" 'BEGIN {
    exit !(bit >= 4 && khz / bit / baud > 0.985 && khz / bit / baud < 1.015) }' || {
    echo "The clock of $board is $4 kHz, and no whole number of its cycles is a bit of a line of" \
      "${baud}000 baud to 1.5 %; change it in fpga/boards.txt." >&2
    exit 2
  }
  fields=$(sh "$here/../sw/tools/config.sh" instance "$(value config)")
  cat <<END
// SPDX-License-Identifier: Apache-2.0
// trine_board_config: what the top of $board is given. Generated from fpga/boards.txt and
// rtl/configs.txt by fpga/board.sh.
\`define TRINE_BOARD_PLL .OscillatorKhz($(value oscillator)), .Multiply($2), .Divide($3)
\`define TRINE_BOARD_PARAMETERS .ClocksPerBit(${1:-$bit}), .MemoryBytes($(value memory)), \\
    $fields
END
}

case $action in
  names) rows | awk 'NR > 1 && !seen[$1]++ { print $1 }' ;;
  check) check ;;
  config) check; value config ;;
  value) check; value "${4:?field}" ;;
  clock) check; pll | awk '{ print $3 }' ;;
  header) check; header "${4:-}" ;;
  *) echo "board.sh: unknown action '$action'" >&2; exit 2 ;;
esac
