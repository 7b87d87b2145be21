#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# names.sh: the signals of a view that its waveform does not have, one a line: names.sh FST GTKW; of
# an empty view, that it is one.
# GTKWave shows such a view empty and says nothing.
set -eu
fst2vcd -f "$1" | awk -v view="$2" '
  $1 == "$scope" { depth++; scope[depth] = $3 }
  $1 == "$upscope" { depth-- }
  $1 == "$var" {
    name = ""
    for (i = 1; i <= depth; i++) name = name scope[i] "."
    range = ($6 == "$end") ? "" : $6
    known[name $5 range] = 1
  }
  $1 == "$enddefinitions" { exit }
  END {
    while ((getline line <view) > 0) {
      if (line !~ /^\+/) continue
      sub(/^\+\{[^}]*\} /, "", line)
      sub(/^\([0-9]+\)/, "", line)
      rows++
      if (!(line in known)) print line
    }
    if (rows == 0) print "(the view " view " has no signal at all)"
  }'
