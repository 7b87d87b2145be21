# SPDX-License-Identifier: Apache-2.0
# check.awk: whether a netlist of a board has all that its configuration implies, as a table.
#
# Call: awk -f check.awk -v memory_bytes=N CONFIG STAT, CONFIG being lines `Field value` and STAT
# what Yosys' `stat` printed. Exit 1 when a multiplier or a block RAM is missing or too many: then
# something was optimised away, or became logic.

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
part == 1 { c[$1] = $2 }
part == 2 && NF == 2 && $1 ~ /^[A-Z][A-Z0-9_]+$/ { cell[$1] = $2 }
part == 2 && NF == 2 && $2 ~ /^[A-Z][A-Z0-9_]+$/ { cell[$2] = $1 }

function row(name, got, least, most) {
  printf "| %s | %d | %s |\n", name, got, (least == most) ? least : least " to " most
  if (got < least || got > most) {
    print "The netlist has " got " " name ", the configuration implies " least " to " most "." \
      > "/dev/stderr"
    failed = 1
  }
}

END {
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
  print "| cell | netlist | implied by the configuration |"
  print "|---|---|---|"
  row("MULT18X18D", cell["MULT18X18D"], mul, mul)
  row("DP16KD", cell["DP16KD"], c["Cores"] * large + shared, c["Cores"] * (large + small) + shared)
  printf "| LUT4 | %d | |\n| CCU2C | %d | |\n| TRELLIS_DPR16X4 | %d | |\n| TRELLIS_FF | %d | |\n", \
    cell["LUT4"], cell["CCU2C"], cell["TRELLIS_DPR16X4"], cell["TRELLIS_FF"]
  exit failed
}
