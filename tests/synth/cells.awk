# SPDX-License-Identifier: Apache-2.0
# cells.awk: of Yosys's simulation models of ECP5 cells, those that a netlist of Trine consists of.
#
# The block RAM and multiplier there are empty: tests/synth/ecp5_models.v has them. Timing checks
# (specify) go, because they mean nothing to Verilator.
BEGIN {
  count = split("LUT4 L6MUX21 CCU2C PFUMX TRELLIS_DPR16X4 TRELLIS_FF LUT2", name, " ")
  for (i = 1; i <= count; i++) wanted[name[i]] = 1
}
/^module / { split($2, part, "("); keep = part[1] in wanted }
keep && /^[ \t]*specify/ { skip = 1 }
keep && !skip { print }
/^[ \t]*endspecify/ { skip = 0 }
/^endmodule/ { keep = 0 }
