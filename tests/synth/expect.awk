# SPDX-License-Identifier: Apache-2.0
# expect.awk: the multipliers and RAMs that a configuration implies, from rtl/configs.txt.
#
# awk -v name=NAME -f tests/synth/expect.awk rtl/configs.txt prints lines `what count`:
#   mul       multipliers (trine_mul); there are no others
#   ram_1rw   single-port RAMs                ram_1r1w  RAMs with a read and a write port
#   blocks    block RAMs of an ECP5; the registers' words are small enough for lookup tables
# docs/synthesis.md explains each term.
{ sub(/#.*/, "") }
NF == 0 { next }
!seen++ { for (i = 2; i <= NF; i++) field[i] = $i; next }
$1 == name { for (i = 2; i <= NF; i++) c[field[i]] = $i; found = 1 }

function up(a, b) { return int((a + b - 1) / b) }

# Fewest blocks for a RAM: one has 16384 bits in words of 1 to 32 bits, or with parity 18432 in
# words of 9 to 36. A RAM with enables for bytes of 8 leaves the parity alone, because a byte there
# is 9 bits; those of parameters are for rows of 72.
function blocks(width, depth, parity,    best, count, bits, total) {
  for (bits = 1; bits <= 32; bits *= 2) {
    total = parity && bits >= 8 ? bits * 9 / 8 : bits
    count = up(width, total) * up(depth, 16384 / bits)
    if (bits == 1 || count < best) best = count
  }
  return best
}

END {
  if (!found) exit 1
  macs = c["Lanes"] * c["MacsPerLane"]
  banks = macs / c["MemBytes"]
  vector = c["BusBytes"] > c["MacsPerLane"] ? c["BusBytes"] : c["MacsPerLane"]
  beat = 8 * c["MemBytes"]
  core = banks * blocks(beat, c["WeightBytes"] / macs, 1) \
    + blocks(8 * vector, c["RingBytes"] / vector) \
    + blocks(72 * c["TailRows"], c["ParamRows"] / c["TailRows"], 1) \
    + blocks(16 * c["TailRows"], 4 * c["PreUnits"] / c["TailRows"], 1) \
    + blocks(32, c["StateUnits"]) + (c["TailRows"] + 1) * blocks(26, 256, 1)
  ring = c["MemBytes"] < 16 ? 1024 / c["MemBytes"] : 64
  chip = blocks(beat, c["Cores"] * c["WriterBytes"] / c["MemBytes"]) \
    + blocks(64, c["Cores"] * c["TableEntries"]) + blocks(beat, c["Cores"] * ring)
  print "mul", c["Cores"] * (macs + 5 * (c["TailRows"] + 1) + 3)
  print "ram_1rw", c["Cores"] * banks
  print "ram_1r1w", c["Cores"] * 4 + 4
  print "blocks", c["Cores"] * core + chip
}
