#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# clock.sh: the clock in MHz that nextpnr reached after routing: clock.sh LOG MHZ; exit 1 when it is
# below MHZ or not told.
set -eu

log=${1:?log}
least=${2:?MHz}
# The last estimate is that of the routed design.
clock=$(sed -n "s/.*Max frequency for clock[^:]*: *\([0-9.]*\) MHz.*/\1/p" "$log" | tail -n 1)
[ -n "$clock" ] || { echo "clock.sh: $log names no clock" >&2; exit 1; }
echo "$clock"
awk -v clock="$clock" -v least="$least" 'BEGIN { exit !(clock + 0 >= least + 0) }' || {
  echo "clock.sh: $clock MHz is less than the $least MHz that are wanted" >&2
  exit 1
}
