#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# flat.sh: flat.sh NAME: the synthesised ECP5 design of NAME without hierarchy, for Verilator, in
# build/synth/NAME-luts.v. Needs what `run.sh ecp5 NAME` left.
#
# Flat and bit by bit: a vector that crosses modules would look to Verilator like a loop wherever
# some of its bits depend on others. Names are numbers, which makes a third less text to compile.
set -eu
cd "$(dirname "$0")/../.."

name=${1:?configuration}
dir=${TRINE_BUILD:-build}/synth
cat >"$dir/$name-luts.ys" <<END
read_ilang $dir/$name-mapped.il
setparam $(awk 'BEGIN { for (i = 0; i < 64; i++) printf "-unset INITVAL_%02X ", i }') \
  t:DP16KD trine_sigmoid_rom/t:DP16KD %d
setparam -set INIT_DATA "CONTENTS" trine_sigmoid_rom/t:DP16KD
flatten
splitnets
opt_clean -purge
rename -hide w:* w:clk_i w:rst_ni %u %d
rename -hide c:*
setparam -unset INITVAL t:TRELLIS_DPR16X4
write_verilog -noattr $dir/$name-flat.v
END
yosys -q -l "$dir/$name-luts.log" "$dir/$name-luts.ys"
awk -f tests/synth/netlist.awk "$dir/$name-flat.v" >"$dir/$name-luts.v.tmp"
mv "$dir/$name-luts.v.tmp" "$dir/$name-luts.v"
