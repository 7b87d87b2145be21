# SPDX-License-Identifier: Apache-2.0
# configs.awk: a table of configurations: each is that of BASE with some fields of its own.
#   awk -v base=BASE -f configs.awk POINTS rtl/configs.txt   (POINTS: name Field=value ... a line)
FNR == NR {
  name[++count] = $1
  for (i = 2; i <= NF; i++) {
    split($i, part, "=")
    own[count, part[1]] = part[2]
  }
  next
}
{ sub(/#.*/, "") }
NF == 0 { next }
!fields {
  fields = NF
  for (i = 1; i <= NF; i++) field[i] = $i
  print
  next
}
$1 == base {
  for (n = 1; n <= count; n++) {
    line = name[n]
    for (i = 2; i <= fields; i++) line = line " " ((n, field[i]) in own ? own[n, field[i]] : $i)
    print line
  }
}
