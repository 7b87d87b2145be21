#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# files.sh: the RTL of the chip for synthesis, one line: files.sh FAMILY. Those of rtl/files.txt,
# with the bodies of technology wrappers that the family has (rtl/common/FAMILY) in their place.
set -eu
cd "$(dirname "$0")/.."

family=${1:?family}
for file in $(sed -e 's/#.*//' rtl/files.txt); do
  body=rtl/common/$family/${file##*/}
  if [ "${file%/*}" = rtl/common ] && [ -e "$body" ]; then file=$body; fi
  printf '%s ' "$file"
done
echo
