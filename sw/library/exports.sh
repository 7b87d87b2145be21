#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# exports.sh: exports.sh FOLDER prints the names of all functions that the public headers below
# FOLDER/trine declare, but those of headers that headers.txt marks with `-`: what is exported.
set -eu
folder=$1
list=$(dirname "$0")/headers.txt
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
sed -e '/^#/d' -e 's/ .*//' -e 's|.*|#include <trine/&>|' "$list" >"$work/all.c"
hidden=$(sed -n 's|^\([^#].*\) -$|/trine/\1:|p' "$list")
gcc -std=c11 -fsyntax-only -aux-info "$work/all.txt" -I"$folder" "$work/all.c"
grep -F "/* $folder/trine/" "$work/all.txt" | grep -vF "$hidden" |
  sed -n 's/.*\/\* [^*]*:N[CFO] \*\/ extern .*[ *]\(trine_[a-z0-9_]*\) (.*/\1/p' | sort -u
