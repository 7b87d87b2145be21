# SPDX-License-Identifier: Apache-2.0
# compare.awk: whether what a command printed is what the README shows; exit 1 and say where if not.
#
# Call: awk -f compare.awk WANT GOT. Runs of spaces are one space; colours and what a carriage
# return overwrites are left out. In WANT, a line `...` is any number of lines, `...` inside a line
# is any text, and `~` before a number is any number (times, for instance: `took ~12.5 s`).
function tidy(line) {
  gsub(/\033\[[0-9;]*[A-Za-z]/, "", line)
  sub(/\r+$/, "", line)
  sub(/.*\r/, "", line)
  gsub(/[ \t]+/, " ", line)
  sub(/^ /, "", line)
  sub(/ $/, "", line)
  return line
}

# The expected line as a regular expression.
function pattern(line,    result, at, char) {
  result = "^"
  for (at = 1; at <= length(line); at++) {
    char = substr(line, at, 1)
    if (substr(line, at, 3) == "...") {
      result = result ".*"
      at += 2
    } else if (char == "~" && substr(line, at + 1) ~ /^[0-9]/) {
      match(substr(line, at + 1), /^[0-9][0-9.,]*/)
      result = result "[0-9][0-9.,]*"
      at += RLENGTH
    } else if (char ~ /[A-Za-z0-9 _]/) {
      result = result char
    } else if (char == "\\" || char == "^") {
      result = result "\\" char
    } else {
      result = result "[" char "]"
    }
  }
  return result "$"
}

# Whether want[w..] is got[g..]; remembers what failed, and how far it came.
function fits(w, g,    k) {
  if (w > wants) return g > gots
  if ((w, g) in failed) return 0
  if (want[w] == "...") {
    for (k = g; k <= gots + 1; k++) if (fits(w + 1, k)) return 1
  } else if (g <= gots && got[g] ~ regex[w]) {
    if (fits(w + 1, g + 1)) return 1
  } else if (w >= deepest) {
    deepest = w
    near = g
  }
  failed[w, g] = 1
  return 0
}

FILENAME == ARGV[1] { want[++wants] = tidy($0); regex[wants] = pattern(want[wants]); next }
{ got[++gots] = tidy($0) }
END {
  while (wants > 0 && want[wants] == "") wants--
  while (gots > 0 && got[gots] == "") gots--
  if (fits(1, 1)) exit 0
  if (deepest == 0) print "  more was printed than the README shows"
  else print "  the README shows: " want[deepest] "\n  printed there:    " got[near]
  exit 1
}
