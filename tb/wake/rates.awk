# SPDX-License-Identifier: Apache-2.0
# rates.awk: tb/wake/rates.txt from what a counting model has printed: "RATE name changes cycles".
#
# Names that differ in their numbers alone are one, with the highest of their rates.
BEGIN {
  print "# SPDX-License-Identifier: Apache-2.0"
  print "# rates.txt: in how many percent of the cycles the variables of a chip at full work"
  print "# change, and arrays are written (duo, vad as helper on both cores); # stands for a"
  print "# number. Made by `make wake-rates`; rates below 2 are left out. Wrong rates make a"
  print "# slower simulation, never a wrong one."
}
$1 == "RATE" && $4 > 0 {
  gsub(/[0-9]+/, "#", $2)
  percent = int(100 * $3 / $4 + 0.5)
  if (percent >= 2 && percent > rate[$2]) rate[$2] = percent
}
END {
  for (name in rate) print name, rate[name] | "LC_ALL=C sort"
}
