#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# merge.sh: has all cores of a translated model run one copy of their code (merge.awk).
#
#   merge.sh FOLDER       the folder with Verilator's C++ files; prints what was shared
#
# A model whose cores are not alike stays as it is: slower, and right.
set -eu
cd "${1:?folder of a translated model}"
if ! files=$(ls -- *DepSet*.cpp 2>/dev/null); then
  echo "share: $1 has no file of the code of a core" \
    "(make PLAIN=1 builds chips without tb/share and tb/wake)" >&2
  exit 1
fi
counts=$(awk -f "$OLDPWD/tb/share/merge.awk" $files)
for file in $files; do
  [ -f "$file.new" ] || : > "$file.new"
  mv -- "$file.new" "$file"
done
further=${counts#* }
[ "$further" = 0 ] || printf '%-7s %s of %s further cores run the code of the first\n' SHARE \
  "${counts% *}" "$further"
