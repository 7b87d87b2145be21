# SPDX-License-Identifier: Apache-2.0
# check.awk: whether a netlist of a board has all that its configuration implies, and no more than
# its device has, as a table.
#
# Call: awk -f check.awk -v board=B -v target=T -v memory_bytes=N DEVICES CONFIG STAT, DEVICES being
# fpga/devices.txt, CONFIG lines `Field value` and STAT what Yosys' `stat` printed. Exit 1 when a
# multiplier or a block RAM is missing or too many: then something was optimised away, or became
# logic; and when there is more of anything than the device has. Place and route takes some COMB
# more than the netlist has, for carries: it may still say that they do not fit.

function ceil_div(a, b) { return int((a + b - 1) / b) }

# Block RAMs of a memory: the best of the shapes a DP16KD has.
function ebr(width, depth,    n, best, count) {
  best = 0
  for (n = 1; n <= 6; n++) {
    count = ceil_div(width, shape_width[n]) * ceil_div(depth, shape_depth[n])
    if (best == 0 || count < best) best = count
  }
  return best
}

BEGIN {
  split("1 2 4 9 18 36", shape_width, " ")
  split("16384 8192 4096 2048 1024 512", shape_depth, " ")
}

FNR == 1 { part++ }
part == 1 && $1 == "ecp5" && $2 == target { there = split($0, device, " ") }
part == 2 { c[$1] = $2 }
part == 3 && NF == 2 && $1 ~ /^[A-Z][A-Z0-9_]+$/ { cell[$1] = $2 }
part == 3 && NF == 2 && $2 ~ /^[A-Z][A-Z0-9_]+$/ { cell[$2] = $1 }

function refuse(sentence) {
  print sentence > "/dev/stderr"
  failed = 1
}

# A row of what the device has; `implied` is what the second column says.
function fits(name, got, implied, has) {
  printf "| %s | %d |%s| %d |\n", name, got, implied, has
  if (got > has) refuse(board " needs " got " " name ", and an ECP5 " target " has " has ".")
}

function row(name, got, least, most, has) {
  fits(name, got, " " ((least == most) ? least : least " to " most) " ", has)
  if (got < least || got > most) {
    refuse("The netlist has " got " " name ", the configuration implies " least " to " most ".")
  }
}

END {
  if (!there) {
    print "check.awk: fpga/devices.txt has no ecp5 " target "." > "/dev/stderr"
    exit 1
  }
  # A core's datapath: MACs, four of a requantiser and one of an activation for each row of the
  # tail, and once a cell update (2), its squashing (1), h (1) and the output requantiser (4).
  mul = c["Cores"] * (c["Lanes"] * c["MacsPerLane"] + 5 * c["TailRows"] + 8)
  # Buffers that are certainly in block RAM, by their shapes; small ones may be in either.
  banks = c["Lanes"] * c["MacsPerLane"] / c["MemBytes"]
  word = (c["BusBytes"] > c["MacsPerLane"]) ? c["BusBytes"] : c["MacsPerLane"]
  large = banks * ebr(8 * c["MemBytes"], c["WeightBytes"] / (banks * c["MemBytes"])) + \
    ebr(72 * c["TailRows"], c["ParamRows"] / c["TailRows"]) + \
    ebr(8 * word, c["RingBytes"] / word) + (c["TailRows"] + 1) * ebr(26, 256) + ebr(32, 64)
  small = ebr(64, c["PreUnits"]) + ebr(32, c["StateUnits"]) + ebr(64, c["TableEntries"]) + \
    2 * ebr(8 * c["MemBytes"], c["WriterBytes"] / c["MemBytes"]) + 2 * 4
  shared = 4 * ebr(8, memory_bytes / 4)
  print "| cell | netlist | implied by the configuration | in the device |"
  print "|---|---|---|---|"
  row("MULT18X18D", cell["MULT18X18D"], mul, mul, device[5])
  row("DP16KD", cell["DP16KD"], c["Cores"] * large + shared, \
    c["Cores"] * (large + small) + shared, device[6])
  fits("TRELLIS_FF", cell["TRELLIS_FF"], " ", device[4])
  fits("COMB", cell["LUT4"] + 2 * cell["CCU2C"] + 4 * cell["TRELLIS_DPR16X4"], " ", device[3])
  printf "| of COMB: LUT4 | %d | | |\n", cell["LUT4"]
  printf "| CCU2C, 2 each | %d | | |\n", cell["CCU2C"]
  printf "| TRELLIS_DPR16X4, 4 each | %d | | |\n", cell["TRELLIS_DPR16X4"]
  exit failed
}
