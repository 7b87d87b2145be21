#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# assertions.sh: each module of rtl/files.txt and fpga/common that has state (an always_ff) asserts
# something of its contract (TRINE_ASSERT), or is in the list of those that do not yet: FILE, tab,
# why.
#
#   assertions.sh [LIST [SOURCES]]     default tests/lint/unasserted.txt, and those two
#
# Fails when a module with state has no assertion and is not listed, and when one that is listed has
# one now, has no state, or is gone: the list only becomes shorter.
set -eu
cd "$(dirname "$0")/../.."
list=${1:-tests/lint/unasserted.txt}
sources=$(sed -e 's/#.*//' "${2:-rtl/files.txt}")
[ $# -gt 1 ] || sources="$sources
$(ls fpga/common/*.sv)"
status=0
count=0
for file in $sources; do
  grep -q 'always_ff' "$file" || continue
  count=$((count + 1))
  ! grep -q 'TRINE_ASSERT' "$file" || continue
  if ! grep -q "^$file	" "$list"; then
    echo "$file has state and asserts nothing of its contract (rtl/common/trine_assert.svh)"
    status=1
  fi
done
listed=$(sed -e '/^#/d' -e 's/	.*//' "$list")
for file in $listed; do
  if ! echo "$sources" | grep -q "^$file\$" || ! grep -q 'always_ff' "$file" ||
    grep -q 'TRINE_ASSERT' "$file"; then
    echo "$file needs no line in $list any more"
    status=1
  fi
done
[ $status -ne 0 ] ||
  echo "assertions: $count modules with state, $(echo "$listed" | wc -w) of them without"
exit $status
