# SPDX-License-Identifier: Apache-2.0
# xilinx7.awk: what a netlist takes of a 7 series FPGA, as a table: awk -v target=a7-35 STAT.
#
# STAT is what Yosys' `stat` printed. Lookup tables are counted as they are, two that could share
# one place as two; a small RAM is as many as its cell needs; RAMB18 is half a RAMB36. Exit 1 when
# the target is unknown.
NF == 2 && $1 ~ /^[A-Z][A-Z0-9_]+$/ && $2 ~ /^[0-9]+$/ { cell[$1] = $2 }
NF == 2 && $2 ~ /^[A-Z][A-Z0-9_]+$/ && $1 ~ /^[0-9]+$/ { cell[$2] = $1 }
function row(name, got, there) {
  printf "| %s | %s | %s | %.0f %% |\n", name, got, there, 100 * got / there
}
END {
  # DS180: LUTs, flip-flops, DSP48E1, RAMB36.
  if (target == "a7-35") split("20800 41600 90 50", part, " ")
  else if (target == "a7-100") split("63400 126800 240 135", part, " ")
  else {
    print "xilinx7.awk: there are a7-35 and a7-100, not " target "." > "/dev/stderr"
    exit 1
  }
  for (n = 1; n <= 6; n++) luts += cell["LUT" n]
  luts += 4 * (cell["RAM32M"] + cell["RAM64M"]) + 2 * cell["RAM64X1D"] + 2 * cell["RAM32X1D"] + \
    4 * cell["RAM128X1D"] + cell["SRL16E"] + cell["SRLC32E"]
  ffs = cell["FDRE"] + cell["FDSE"] + cell["FDCE"] + cell["FDPE"]
  print "| cell | netlist | " target " | |"
  print "|---|---:|---:|---:|"
  row("LUT", luts, part[1])
  row("flip-flop", ffs, part[2])
  row("DSP48E1", cell["DSP48E1"], part[3])
  row("RAMB36", cell["RAMB36E1"] + cell["RAMB18E1"] / 2, part[4])
  print "| CARRY4 | " cell["CARRY4"] + 0 " | | |"
}
