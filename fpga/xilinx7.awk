# SPDX-License-Identifier: Apache-2.0
# xilinx7.awk: what a netlist takes of a 7 series FPGA, as a table:
# awk -v board=B -v target=a7-35 -f xilinx7.awk fpga/devices.txt STAT.
#
# STAT is what Yosys' `stat` printed. Lookup tables are counted as they are, two that could share
# one place as two; a small RAM is as many as its cell needs; RAMB18 is half a RAMB36. Exit 1 when
# the target is unknown, or has less of something.
FNR == NR && $1 == "xilinx7" && $2 == target { there = split($0, part, " ") }
FNR == NR { next }
NF == 2 && $1 ~ /^[A-Z][A-Z0-9_]+$/ && $2 ~ /^[0-9]+$/ { cell[$1] = $2 }
NF == 2 && $2 ~ /^[A-Z][A-Z0-9_]+$/ && $1 ~ /^[0-9]+$/ { cell[$2] = $1 }
function row(name, got, has) {
  printf "| %s | %s | %s | %.0f %% |\n", name, got, has, 100 * got / has
  if (got <= has) return
  print board " needs " got " " name ", and an " target " has " has "." > "/dev/stderr"
  failed = 1
}
END {
  if (!there) {
    print "xilinx7.awk: fpga/devices.txt has no xilinx7 " target "." > "/dev/stderr"
    exit 1
  }
  for (n = 1; n <= 6; n++) luts += cell["LUT" n]
  luts += 4 * (cell["RAM32M"] + cell["RAM64M"]) + 2 * cell["RAM64X1D"] + 2 * cell["RAM32X1D"] + \
    4 * cell["RAM128X1D"] + cell["SRL16E"] + cell["SRLC32E"]
  ffs = cell["FDRE"] + cell["FDSE"] + cell["FDCE"] + cell["FDPE"]
  print "| cell | netlist | " target " | |"
  print "|---|---:|---:|---:|"
  row("LUT", luts, part[3])
  row("flip-flop", ffs, part[4])
  row("DSP48E1", cell["DSP48E1"] + 0, part[5])
  row("RAMB36", cell["RAMB36E1"] + cell["RAMB18E1"] / 2, part[6])
  print "| CARRY4 | " cell["CARRY4"] + 0 " | | |"
  exit failed
}
