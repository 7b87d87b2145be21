#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# merge.sh: has all cores of a translated model run one copy of their code (merge.awk).
#
#   merge.sh FOLDER       the folder with Verilator's C++ files; prints what was shared
#
# A model whose cores are not alike stays as it is: slower, and right.
set -eu
cd "${1:?folder of a translated model}"
files=$(ls -- *DepSet*.cpp)
counts=$(awk -f "$OLDPWD/tb/share/merge.awk" $files)
for file in $files; do
  [ -f "$file.new" ] || : > "$file.new"
  mv -- "$file.new" "$file"
done
further=${counts#* }
[ "$further" = 0 ] || printf '%-7s %s of %s further cores run the code of the first\n' SHARE \
  "${counts% *}" "$further"
