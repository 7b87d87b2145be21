#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# cells.sh: what netlist.awk writes and ecp5_cells.v says of an ECP5's cells is what Yosys's own
# models say: proved by Yosys on one cell of each kind and mode, and a wrong one is refused.
set -eu
cd "$(dirname "$0")/../.."

dir=${TRINE_BUILD:-build}/synth/cells
share=$(dirname "$(command -v yosys)")/../share/yosys
mkdir -p "$dir"

# Flip-flops: reset or set, enable always, high or low; tables with no symmetry; both of INJECT.
cat >"$dir/sample.v" <<'VERILOG'
module sample(clk, a, b, c, d, e, y);
  input clk;
  input [3:0] a, b, c, d;
  input e;
  output [18:0] y;
  wire q0, q1, q2, q3, q4;
  LUT4 #(
    .INIT(16'h8ca6)
  ) l0 (
    .A(a[0]),
    .B(b[0]),
    .C(c[0]),
    .D(d[0]),
    .Z(y[0])
  );
  LUT4 #(
    .INIT(16'h1d37)
  ) l1 (
    .A(a[1]),
    .B(1'h0),
    .C(c[1]),
    .D(1'h1),
    .Z(y[1])
  );
  PFUMX p0 (
    .ALUT(a[0]),
    .BLUT(b[1]),
    .C0(e),
    .Z(y[2])
  );
  L6MUX21 m0 (
    .D0(a[2]),
    .D1(b[2]),
    .SD(e),
    .Z(y[3])
  );
VERILOG
number=0
flipflop() { # CEMUX REGSET LSR
  cat >>"$dir/sample.v" <<VERILOG
  TRELLIS_FF #(
    .CEMUX("$1"),
    .CLKMUX("CLK"),
    .GSR("DISABLED"),
    .LSRMUX("LSR"),
    .REGSET("$2"),
    .SRMODE("LSR_OVER_CE")
  ) f$number (
    .CE(b[3]),
    .CLK(clk),
    .DI(a[3]),
    .LSR($3),
    .Q(q$number)
  );
  assign y[$((4 + number))] = q$number;
VERILOG
  number=$((number + 1))
}
flipflop 1 RESET "1'h0"
flipflop CE RESET 'c[3]'
flipflop CE SET 'c[3]'
flipflop INV SET 'c[3]'
flipflop INV RESET 'd[3]'
carry() { # INJECT1_0 INJECT1_1 first bit of y
  cat >>"$dir/sample.v" <<VERILOG
  CCU2C #(
    .INIT0(16'h96aa),
    .INIT1(16'h8ca6),
    .INJECT1_0("$1"),
    .INJECT1_1("$2")
  ) c$3 (
    .A0(a[0]), .B0(b[0]), .C0(c[0]), .D0(d[0]), .A1(a[1]), .B1(b[1]), .C1(c[1]), .D1(d[1]),
    .CIN(e), .S0(y[$3]), .S1(y[$(($3 + 1))]), .COUT(y[$(($3 + 2))])
  );
VERILOG
}
carry NO NO 9
carry YES YES 12
cat >>"$dir/sample.v" <<'VERILOG'
  TRELLIS_DPR16X4 #(
    .WCKMUX("WCK"),
    .WREMUX("WRE")
  ) ram (
    .DI(a), .WAD(b), .WRE(e), .WCK(clk), .RAD(c), .DO(y[18:15])
  );
endmodule
VERILOG
# Power-up values are left out on both sides: the netlist is simulated without them.
awk -f tests/synth/cells.awk "$share/ecp5/cells_sim.v" |
  sed -e '/^\tinitial begin/,/^\tend/d' -e '/^\tinitial /d' >"$dir/cells.v"

equal() { # what netlist.awk made of the sample
  cat >"$dir/equal.ys" <<YOSYS
read_verilog $dir/cells.v $dir/sample.v
hierarchy -top sample
proc
flatten
memory
opt_clean
rename sample gold
design -stash gold
read_verilog tests/synth/ecp5_cells.v $1
hierarchy -top sample
proc
flatten
memory
opt_clean
rename sample gate
design -stash gate
design -copy-from gold -as gold gold
design -copy-from gate -as gate gate
equiv_make gold gate equal
hierarchy -top equal
opt -full
equiv_simple -seq 1
equiv_status -assert
YOSYS
  yosys -q -l "$dir/equal.log" "$dir/equal.ys" >"$dir/messages" 2>&1
}

awk -f tests/synth/netlist.awk "$dir/sample.v" >"$dir/gate.v"
if ! equal "$dir/gate.v"; then
  tail -n 12 "$dir/messages"
  echo "the cells are not those of Yosys's models"
  exit 1
fi

# One fault for each kind of cell: it must be told.
wrong() { # what, sed expression on the translated sample
  sed "$2" "$dir/gate.v" >"$dir/wrong.v"
  if cmp -s "$dir/gate.v" "$dir/wrong.v" || equal "$dir/wrong.v"; then
    echo "not told: $1"
    exit 1
  fi
}
wrong "a bit of a table" "s/16'h8ca6 >>/16'h8ca7 >>/"
wrong "inputs of a multiplexer" 's/e ? a\[0\] : b\[1\]/e ? b[1] : a[0]/'
wrong "a set for a reset" "s/q1 <= 1'h0/q1 <= 1'h1/"
wrong "an enable" 's/if (!b\[3\])/if (b[3])/'
wrong "the input of a carry" 's/\.CIN(e)/.CIN(d[2])/'
echo "the cells of the netlist are those of Yosys's models, and a wrong one is told"
