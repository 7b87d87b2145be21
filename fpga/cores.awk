# SPDX-License-Identifier: Apache-2.0
# cores.awk: a table of cells by core, from what fpga/synth.sh counted: awk -f cores.awk CORES STAT.
NF == 2 && $1 ~ /^[0-9]+$/ && $2 ~ /^[A-Z]/ && FNR == NR { core = $1; cell = $2; next }
FNR == NR && $2 ~ /^objects/ {
  count[cell, core] = $1
  if (core + 1 > cores) cores = core + 1
  if (!(cell in known)) { known[cell] = 1; order[++cells] = cell }
  next
}
FNR != NR && NF == 2 && ($1 in known) { all[$1] = $2 }
FNR != NR && NF == 2 && ($2 in known) { all[$2] = $1 }
END {
  head = "| cell |"
  line = "|---|"
  for (c = 0; c < cores; c++) { head = head " core " c " |"; line = line "---:|" }
  print head " all |"
  print line "---:|"
  for (i = 1; i <= cells; i++) {
    row = "| " order[i] " |"
    for (c = 0; c < cores; c++) row = row " " count[order[i], c] + 0 " |"
    print row " " all[order[i]] + 0 " |"
  }
}
