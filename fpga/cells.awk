# SPDX-License-Identifier: Apache-2.0
# cells.awk: what a netlist of an ECP5 takes, from what Yosys' `stat` printed: COMB FF MULT RAM.
#
# A line for the whole design; with `-v blocks="A B"` one for each of these modules that it has, in
# front of which its name stands, with all that is below it. A COMB is a lookup table: a carry cell
# takes two, a small RAM four. Reads the lists of Yosys 0.23 (cell, count) and 0.70 (count, cell).
function plain(name,    n, part) { # without parameters
  n = split(name, part, "\\")
  if (n == 1) return name
  return name ~ /^\$paramod\$/ ? part[n] : part[2]
}
function put(kind, count) {
  if (kind == "LUT4") comb[module] += count
  else if (kind == "CCU2C") comb[module] += 2 * count
  else if (kind == "TRELLIS_DPR16X4") comb[module] += 4 * count
  else if (kind == "TRELLIS_FF") ff[module] += count
  else if (kind == "MULT18X18D") mult[module] += count
  else if (kind == "DP16KD") ram[module] += count
  else if (kind ~ /trine_/) {
    below[module, ++kinds[module]] = kind
    times[module, kinds[module]] = count
  }
}
# sum[1..4] of a module with all below it, `factor` times
function add(name, factor,    i) {
  sum[1] += factor * comb[name]
  sum[2] += factor * ff[name]
  sum[3] += factor * mult[name]
  sum[4] += factor * ram[name]
  for (i = 1; i <= kinds[name]; i++) add(below[name, i], factor * times[name, i])
}
function show(name, label) {
  sum[1] = sum[2] = sum[3] = sum[4] = 0
  add(name, 1)
  print label sum[1], sum[2], sum[3], sum[4]
}

/^=== / {
  module = $2
  over = module == "design"
  if (!over) order[++modules] = module
  next
}
!over && NF == 2 && $2 ~ /^[0-9]+$/ { put($1, $2) }
!over && NF == 2 && $1 ~ /^[0-9]+$/ { put($2, $1) }

END {
  if (blocks == "") {
    show(order[modules], "")
    exit
  }
  count = split(blocks, wanted, " ")
  for (b = 1; b <= count; b++)
    for (m = 1; m <= modules; m++)
      if (plain(order[m]) == wanted[b]) {
        show(order[m], wanted[b] " ")
        break
      }
}
