#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# wrappers.sh: each body of a technology wrapper in rtl/common/FAMILY is the generic one, proven
# with the family's models of its cells, at several sizes; and broken bodies are not. The multiplier
# by Yosys, register by register; RAMs by z3, as arrays of words (equal_ram.sv).
set -eu
cd "$(dirname "$0")/../.."

work=build/synth/wrappers
mkdir -p "$work"
failed=0

equal() { # generic, body, models, parameters of both: whether they are proven equal
  module=$(basename "$1" .sv)
  cat >"$work/equal.ys" <<END
read_verilog -sv -defer -Irtl/common $1
chparam $4 $module
hierarchy -top $module
proc
opt
rename -top gold
design -stash gold
read_verilog -sv -defer -Irtl/common $2
read_verilog -sv $3
chparam $4 $module
hierarchy -top $module
proc
flatten
opt -full
rename -top gate
design -copy-from gold -as gold gold
equiv_make gold gate equiv
hierarchy -top equiv
opt
wreduce
opt -full
equiv_struct -icells
equiv_simple -undef
equiv_induct -undef
equiv_status -assert
END
  yosys -q "$work/equal.ys" >"$work/equal.log" 2>&1
}

body=rtl/common/ecp5/trine_mul.sv
count=0
for widths in '2 2' '8 8' '9 17' '18 18'; do
  sizes="-set WidthA ${widths% *} -set WidthB ${widths#* }"
  if equal rtl/common/trine_mul.sv $body tests/synth/ecp5_mul.v "$sizes"; then
    count=$((count + 1))
  else
    echo "$body is not proven equal to the generic one at widths $widths: $(cat "$work/equal.log")"
    failed=1
  fi
done

# Each with another fault, which has to be found.
while read -r change; do
  sed "$change" $body >"$work/broken.sv"
  if cmp -s $body "$work/broken.sv"; then
    echo "nothing is broken by $change"
    failed=1
  elif equal rtl/common/trine_mul.sv "$work/broken.sv" tests/synth/ecp5_mul.v \
    '-set WidthA 9 -set WidthB 17'; then
    echo "a body broken by $change is proven equal"
    failed=1
  fi
done <<'END'
s/[.]CE1(en_product_i)/.CE1(en_i)/
s/[.]CE0(en_i)/.CE0(1'b1)/
s/SIGNEDB(1'b1)/SIGNEDB(1'b0)/
s/[.]A5(a\[5\])/.A5(a[4])/
s/REG_OUTPUT_CLK("CLK0")/REG_OUTPUT_CLK("NONE")/
END

# The generic RAMs by another name, beside those of the family.
sed 's/^module trine_ram_/module gold_/' rtl/common/trine_ram_1rw.sv rtl/common/trine_ram_1r1w.sv \
  >"$work/gold.sv"

# Proven or not, or 2 when there was no proof to be made.
equal_ram() { # file of block RAMs, parameters of equal_ram
  cat >"$work/equal_ram.ys" <<END
read_verilog -sv -defer -formal -Irtl/common $work/gold.sv $1 rtl/common/ecp5/trine_ram_1rw.sv
read_verilog -sv -defer -formal -Irtl/common rtl/common/ecp5/trine_ram_1r1w.sv
read_verilog -sv -defer -formal tests/synth/ecp5_models.v tests/synth/equal_ram.sv
chparam $2 equal_ram
hierarchy -top equal_ram
proc
flatten
opt_clean
memory -nordff -nomap
async2sync
dffunmap
opt_clean
write_smt2 -wires $work/equal_ram.smt2
END
  yosys -q "$work/equal_ram.ys" >"$work/equal_ram.log" 2>&1 || return 2
  yosys-smtbmc -s z3 --unroll --noincr -t 6 "$work/equal_ram.smt2" >"$work/equal_ram.log" 2>&1 &&
    return 0
  grep -q 'Status: FAILED' "$work/equal_ram.log" && return 1
  return 2
}

# Ports, width, words, bits of a write enable: each shape of a block, with a last one that is not
# full, and what is inferred.
body=rtl/common/ecp5/trine_block_rams.sv
sizes=0
while read -r ports width depth bits; do
  result=0
  equal_ram $body "-set Ports $ports -set Width $width -set Depth $depth -set WriteBits $bits" ||
    result=$?
  sizes=$((sizes + 1))
  if [ $result != 0 ]; then
    echo "RAMs of an ECP5, $width bits by $depth words, $ports ports, are not proven equal to the" \
      "generic ones: $(grep -v Checking "$work/equal_ram.log" | tail -n 5)"
    failed=1
  fi
done <<'END'
1 20 1024 20
1 12 2048 12
1 6 4096 6
1 3 8192 3
1 2 16384 2
2 24 1024 8
2 36 1024 18
2 16 2048 8
2 8 4096 8
2 8 8192 8
2 8 16384 8
2 16 512 8
END

while read -r change; do
  sed "$change" $body >"$work/broken.sv"
  result=0
  equal_ram "$work/broken.sv" '-set Ports 2 -set Width 24 -set Depth 1024' || result=$?
  if cmp -s $body "$work/broken.sv"; then
    echo "nothing is broken by $change"
    failed=1
  elif [ $result != 1 ]; then
    echo "block RAMs broken by $change are not found to differ: $(tail -n 2 "$work/equal_ram.log")"
    failed=1
  fi
done <<'END'
s/REGMODE_B("OUTREG")/REGMODE_B("NOREG")/
s/{high, low}/{low, high}/
s/CEB(re_b_i)/CEB(1'b1)/
s/DOB9(out_b\[9\])/DOB9(out_b[10])/; s/DOB10(out_b\[10\])/DOB10(out_b[9])/
s/assign pin_b = .*/assign pin_b = 14'(addr_b_i) << (13 - AddrBits);/
s/CEA(we_i || re_a_i)/CEA(re_a_i)/
END
[ $failed = 0 ] && echo "wrappers: of an ECP5, trine_mul is the generic one at $count widths," \
  "RAMs are it at $sizes sizes"
exit $failed
