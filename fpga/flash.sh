#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# flash.sh: a bitstream into a board: flash.sh BOARD BITSTREAM [1]; 1: into its flash, to stay.
#
# By openFPGALoader, or by fujprog for a ULX3S when only that is there. Neither was ever run from
# here: no board was at hand (docs/bring-up.md).
set -eu

board=${1:?board}
bits=${2:?bitstream}
keep=${3:-}
here=$(dirname "$0")
loader=$(sh "$here/board.sh" value "$board" "" loader)

if [ "$(sh "$here/board.sh" value "$board" "" clock)" = - ]; then
  echo "The board $board is for synthesis alone, nothing is placed for it; give BOARD=ulx3s." >&2
  exit 2
fi
if [ ! -e "$bits" ]; then
  echo "There is no $bits; make fpga BOARD=$board." >&2
  exit 2
fi
if command -v openFPGALoader >/dev/null 2>&1; then
  exec openFPGALoader --board="$loader" ${keep:+--write-flash} "$bits"
elif [ "$board" = ulx3s ] && command -v fujprog >/dev/null 2>&1; then
  exec fujprog ${keep:+-j flash} "$bits"
fi
exec sh "$here/../sw/tools/doctor.sh" check flash
