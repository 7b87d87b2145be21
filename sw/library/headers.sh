#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# headers.sh: headers.sh BUILD FOLDER writes the public headers (headers.txt) below FOLDER, where
# they include each other as <trine/...>. A header that was removed from the list goes.
set -eu
list=$(dirname "$0")/headers.txt
build=$1
folder=$2
rm -rf "$folder"
sed -e '/^#/d' -e 's/ .*//' "$list" | while read -r header; do
  from=
  for root in driver sw "$build/gen"; do
    [ ! -e "$root/$header" ] || from=$root/$header
  done
  [ -n "$from" ] || { echo "headers.sh: $header of $list is not there" >&2; exit 1; }
  mkdir -p "$(dirname "$folder/$header")"
  sed 's|^#include "\(.*\)"|#include <trine/\1>|' "$from" >"$folder/$header"
done
