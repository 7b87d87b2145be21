#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# house.sh: the house rules (rules.awk) on every source file of the tree, the style of C (style.awk)
# there, and sh -n on the scripts.
#
# Files are those git knows or would add, so what is built or ignored is left out.
set -eu
cd "$(dirname "$0")/../.."

files=$(git ls-files -co --exclude-standard -- '*.c' '*.h' '*.cpp' '*.sv' '*.svh' '*.vlt' '*.mk' \
  '*.sh' '*.awk' '*.fbs' '*.md' Makefile tests/run .ci/run |
  grep -v -e '^tests/models/' -e '^LICENSE' | while read -r file; do
  [ ! -f "$file" ] || echo "$file"
done)

# An empty list, of a tree that git does not know, would pass.
count=$(echo "$files" | wc -w)
if [ "$count" -lt 100 ]; then
  echo "git lists $count source files; a tree of Trine has 100 or more"
  exit 1
fi

status=0
# shellcheck disable=SC2086
awk -f tests/lint/rules.awk $files || status=1
c_files=$(echo "$files" | grep -E -v '^driver/(trine_regs|program/records)[.]h$' |
  grep -E '[.](c|h|cpp)$')
# shellcheck disable=SC2086
awk -f tests/lint/style.awk $c_files || status=1
for file in $files; do
  case $file in
    *.sh | tests/run) sh -n "$file" || status=1 ;;
  esac
done
[ $status -eq 0 ] && echo "house rules hold in $count files"
exit $status
