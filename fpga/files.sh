#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# files.sh: the RTL of the chip for synthesis, one line: files.sh FAMILY. Those of rtl/files.txt,
# with the bodies of technology wrappers that the family has (rtl/common/FAMILY) in their place, and
# in front of them what those are made of.
set -eu
cd "$(dirname "$0")/.."

family=${1:?family}
for file in rtl/common/"$family"/*.sv; do
  if [ -e "$file" ] && [ ! -e "rtl/common/${file##*/}" ]; then printf '%s ' "$file"; fi
done
for file in $(sed -e 's/#.*//' rtl/files.txt); do
  body=rtl/common/$family/${file##*/}
  if [ "${file%/*}" = rtl/common ] && [ -e "$body" ]; then file=$body; fi
  printf '%s ' "$file"
done
echo
