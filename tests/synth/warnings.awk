# SPDX-License-Identifier: Apache-2.0
# warnings.awk: prints each warning and inferred latch of a Yosys log once; fails if there is one.
#
# awk -f warnings.awk ALLOWED LOG; ALLOWED has lines of a regular expression, a tab and a reason.
FNR == NR {
  if ($0 !~ /^#/ && split($0, part, "\t") == 2) pattern[++count] = part[1]
  next
}
/[Ww]arning:/ || /^Latch inferred/ {
  for (i = 1; i <= count; i++)
    if ($0 ~ pattern[i]) next
  if (!seen[$0]++) {
    print
    found = 1
  }
}
END { exit found }
