#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# table.sh: puts the counts of a synthesis into docs/synthesis.md: table.sh DOCUMENT FOLDER.
#
# FOLDER has the .counts that run.sh leaves. The table stands between the lines
# `<!-- counts: begin -->` and `<!-- counts: end -->`.
set -eu

document=${1:?document}
folder=${2:?folder of the counts}

of() { # file kind: 0 when there is none
  awk -v kind="$2" '$1 == kind { print $2; found = 1 } END { if (!found) print 0 }' "$folder/$1"
}

all() { # file pattern: the sum of the kinds that match
  awk -v pattern="$2" '$1 ~ pattern { sum += $2 } END { print sum + 0 }' "$folder/$1"
}

table() {
  commit=$(git rev-parse --short HEAD)
  git diff --quiet HEAD -- rtl || commit="$commit with changes"
  echo
  echo "Commit $commit, $(yosys -V | sed 's/ (.*//')."
  echo
  echo '| `ulx3s` on an ECP5 | count | of an LFE5U-85F |'
  echo '|---|---:|---:|'
  while read -r kind have; do
    count=$(of ulx3s-ecp5.counts "$kind")
    echo "| $kind | $count | $((100 * count / have)) % |"
  done <<END
LUT4 83640
TRELLIS_FF 83640
MULT18X18D 156
DP16KD 208
END
  # What the lookup tables hold in all: a carry cell takes two, a small RAM four.
  tables=$(($(of ulx3s-ecp5.counts LUT4) + 2 * $(of ulx3s-ecp5.counts CCU2C) +
    4 * $(of ulx3s-ecp5.counts TRELLIS_DPR16X4)))
  echo "| lookup tables, with carry (2 each) and small RAMs (4 each) | $tables |" \
    "$((100 * tables / 83640)) % |"
  echo "| CCU2C (two carry bits) |" \
    "$(of ulx3s-ecp5.counts CCU2C) | |"
  echo "| TRELLIS_DPR16X4 (RAM of 16 x 4 bits) |" \
    "$(of ulx3s-ecp5.counts TRELLIS_DPR16X4) | |"
  echo
  echo '| generic | multipliers | single-port RAMs | two-port RAMs | flip-flops | other gates |'
  echo '|---|---:|---:|---:|---:|---:|'
  for name in nano ulx3s; do
    file=$name-generic.counts
    echo "| \`$name\` | $(of $file trine_mul) | $(of $file trine_ram_1rw) |" \
      "$(of $file trine_ram_1r1w) | $(all $file 'DFF') |" \
      "$(($(all $file '^[$]_') - $(all $file 'DFF'))) |"
  done
  echo
}

table >"$folder/table.md"
awk -v table="$folder/table.md" '
  /<!-- counts: end -->/ { skip = 0 }
  !skip { print }
  /<!-- counts: begin -->/ {
    skip = 1
    while ((getline line < table) > 0) print line
  }' "$document" >"$folder/document.md"
cp "$folder/document.md" "$document"
