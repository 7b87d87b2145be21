# SPDX-License-Identifier: Apache-2.0
# device.awk: rows of a table, cells used and cells there, from the last list in nextpnr's log.
/Device utilisation/ { inside = 1; count = 0; next }
inside && match($0, /[A-Z0-9_]+: +[0-9]+\/ *[0-9]+/) {
  split(substr($0, RSTART, RLENGTH), part, /[:\/]/)
  if (part[2] + 0 > 0) line[++count] = "| " part[1] " | " part[2] + 0 " | " part[3] + 0 " |"
  next
}
{ inside = 0 }
END { for (i = 1; i <= count; i++) print line[i] }
