#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# pieces.sh: a chip's C++ in few pieces, each of which reads the headers of the chip once.
#
#   pieces.sh FOLDER      the folder with Verilator's files, once nothing rewrites them any more
#
# Verilator writes some thirty files, and to read their headers takes a second and a half each, half
# of all. Writes fast_N.cpp, which include what runs each cycle, and slow.cpp with the rest (first
# evaluation, names of scopes, waveforms), and has Verilator's list of classes name those.
# Constants keep their own file: tests/diff links a chip with others. Without a list as it is known
# to be, each file is compiled by itself.
set -eu
cd "${1:?folder of a translated model}"
most=2600000 # bytes a piece: a dozen seconds
rm -f -- fast_*.cpp slow.cpp
list=$(ls -- *_classes.mk 2>/dev/null) || exit 0

# One line a file: the list it is in, its name, its size.
awk '/^VM_[A-Z]*_(FAST|SLOW) \+=/ { part = $1 } /^\t/ { print part, $1 }' "$list" |
  while read -r part name; do
    case $part in
      VM_GLOBAL_*) ;;
      *) echo "$part $name $(wc -c <"$name.cpp")" ;;
    esac
  done | awk -v most=$most '
  $2 ~ /ConstPool/ { next }
  {
    if ($1 ~ /_SLOW$/ || $2 ~ /__Trace__/) piece = "slow"
    else {
      if (!pieces || bytes + $3 > most) { pieces++; bytes = 0 }
      bytes += $3
      piece = "fast_" pieces
    }
    print "#include \"" $2 ".cpp\"" >(piece ".cpp")
  }'
[ -s slow.cpp ] && [ -s fast_1.cpp ] || exit 0

awk -v fast="$(ls fast_*.cpp | sed 's/[.]cpp$//' | tr '\n' ' ')" \
  -v constants="$(awk '/^\t.*ConstPool/ { printf "%s ", $1 }' "$list")" '
  /^VM_(CLASSES|SUPPORT)_(FAST|SLOW) \+=/ {
    files = $1 == "VM_CLASSES_FAST" ? fast : ""
    if ($1 == "VM_CLASSES_SLOW") files = "slow " constants
    print $1 " = " files
    ours = 1
    next
  }
  /^\t/ && ours { next }
  { ours = 0; print }' "$list" >classes.new
mv classes.new "$list"
