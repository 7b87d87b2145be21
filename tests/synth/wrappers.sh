#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# wrappers.sh: each body of a technology wrapper in rtl/common/FAMILY is the generic one, proven by
# Yosys with the family's models of its cells, at several widths; and broken bodies are not.
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
[ $failed = 0 ] && echo "wrappers: trine_mul of an ECP5 is the generic one at $count widths"
exit $failed
