#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# run.sh: synthesis of one configuration with Yosys: run.sh generic|ecp5 NAME [judge].
#
# generic: to Yosys's own gates, RAMs and multipliers as black boxes. ecp5: to cells of an ECP5, and
# on the way the netlist that `make netlist-test` simulates (NAME-netlist.v); what is left at the
# end
# (NAME-mapped.il) is for flat.sh. Modules keep their hierarchy, so that a core is synthesised once.
# Leaves NAME-FLOW.txt (Yosys's count of cells) and NAME-FLOW.counts (`what count`) in build/synth.
# Fails on a latch, on a warning that
# rtl/lint/yosys_allowed.txt does not allow, and on counts other than tests/synth/expect.awk says.
# judge: only this last part, on the files of a run before.
set -eu
cd "$(dirname "$0")/../.."

flow=${1:?flow}
name=${2:?configuration}
action=${3:-run}
sh sw/tools/config.sh check "$name"
dir=${TRINE_BUILD:-build}/synth
out=$dir/$name-$flow
mkdir -p "$dir"
[ "$action" = judge ] || rm -f "$out.txt"
rm -f "$out.counts"

# All that a latch can look like; none may be there once processes are registers.
no_latch='select -assert-none t:$dlatch t:$adlatch t:$dlatchsr t:$_DLATCH* t:$sr t:$_SR_*'

read_design() {
  includes=$(find rtl -name '*.svh' | sed -e 's|/[^/]*$||' -e 's/^/-I/' | sort -u)
  # shellcheck disable=SC2046,SC2086
  echo read_verilog -sv -defer $includes $(sh fpga/files.sh "$flow")
  sh sw/tools/config.sh yosys "$name"
}

script_generic() {
  read_design
  cat <<END
hierarchy -check -top trine_top
proc
$no_latch
blackbox *trine_ram_1rw* *trine_ram_1r1w* *trine_mul
synth -top trine_top -run begin:fine
$no_latch
synth -top trine_top -run fine:check
hierarchy -check
tee -o $out.txt stat
END
}

script_ecp5() {
  read_design
  cat <<END
synth_ecp5 -top trine_top -noflatten -run :map_ram
$no_latch
synth_ecp5 -top trine_top -noflatten -run map_ram:map_gates
design -save mapped
maccmap -unmap
splitnets -driver
setparam $(awk 'BEGIN { for (i = 0; i < 64; i++) printf "-unset INITVAL_%02X ", i }') \
  t:DP16KD trine_sigmoid_rom/t:DP16KD %d
setparam -set INIT_DATA "CONTENTS" trine_sigmoid_rom/t:DP16KD
write_verilog -noattr $dir/$name-netlist.v
design -load mapped
synth_ecp5 -top trine_top -noflatten -run map_gates:check
hierarchy -check
tee -o $out.txt stat
write_ilang $dir/$name-mapped.il
END
}

# Sums of the whole hierarchy by kind of cell; parametrised modules have a name before theirs.
counts() {
  awk '
    /=== design hierarchy ===/ { whole = 1 }
    whole && /Number of cells/ { cells = 1; next }
    cells && NF == 2 {
      kind = $1
      sub(/^.*\\trine_/, "trine_", kind)
      sum[kind] += $2
    }
    END { for (kind in sum) print kind, sum[kind] }' "$out.txt" | sort
}

# One line a difference between the counts and what the configuration implies.
compare() {
  awk -v name="$name" -f tests/synth/expect.awk rtl/configs.txt | awk -v flow="$flow" '
    FNR == NR { want[$1] = $2; next }
    { got[$1] = $2 }
    function same(what, kind, count) {
      if (got[kind] + 0 != count) {
        printf "%s: %d, the configuration implies %d\n", what, got[kind], count
        bad = 1
      }
    }
    END {
      if (flow == "ecp5") {
        same("MULT18X18D", "MULT18X18D", want["mul"])
        same("DP16KD", "DP16KD", want["blocks"])
      } else {
        same("multipliers", "trine_mul", want["mul"])
        same("single-port RAMs", "trine_ram_1rw", want["ram_1rw"])
        same("RAMs with two ports", "trine_ram_1r1w", want["ram_1r1w"])
      }
      exit bad
    }' - "$out.counts"
}

case $flow in
  generic) script_generic >"$out.ys" ;;
  ecp5) script_ecp5 >"$out.ys" ;;
  *) echo "run.sh: unknown flow '$flow'" >&2; exit 2 ;;
esac
start=$(date +%s)
if [ "$action" = run ] &&
  ! yosys -q -l "$out.log" "$out.ys" >"$out.messages" 2>&1; then
  tail -n 5 "$out.messages"
  exit 1
fi
awk -f tests/synth/warnings.awk rtl/lint/yosys_allowed.txt "$out.log" || exit 1
counts >"$out.counts"
if ! compare; then
  rm "$out.counts"
  echo "$name $flow: see $out.txt"
  exit 1
fi
echo "$name $flow: no latch, no new warning, RAMs and multipliers as expected," \
  "$(($(date +%s) - start)) s"
