#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# docs.sh: what the documents say of the tree holds: parts made from it (sections.sh), relative
# links, named files, and make targets.
set -u
cd "$(dirname "$0")/../.." || exit 1
work=build/docs-check
mkdir -p "$work"
failed=0

sh tests/readme/sections.sh check || failed=1

documents=$(git ls-files -co --exclude-standard -- '*.md')
# An empty list, of a tree that git does not know, would pass everything below.
count=$(echo "$documents" | wc -w)
if [ "$count" -lt 20 ]; then
  echo "git lists $count documents; a tree of Trine has 20 or more"
  exit 1
fi
links=0

# Links: [text](path) or [text](path#part), from the document's own folder.
for document in $documents; do
  awk '/^```/ { code = !code } !code' "$document" | grep -o '](\([^)]*\))' |
    sed -e 's/^](//' -e 's/)$//' -e 's/#.*//' | sort -u >"$work/links"
  while read -r link; do
    case $link in '' | http://* | https://*) continue ;; esac
    links=$((links + 1))
    if [ ! -e "$(dirname "$document")/$link" ]; then
      echo "$document: there is no $link"
      failed=1
    fi
  done <"$work/links"
done

if [ "$links" -lt 50 ]; then
  echo "only $links links were found in $count documents"
  failed=1
fi

# Files named in the text, with their folder.
for document in $documents; do
  sed -e 's/\.\.\///g' -e 's|build/[A-Za-z0-9_./-]*||g' "$document" |
    grep -oE '\b(rtl|tb|driver|sw|fpga|tests|docs)/[A-Za-z0-9_./-]*\.[a-z]+\b' | sort -u |
    while read -r file; do
      [ -e "$file" ] || echo "$document: there is no $file"
    done
done >"$work/files"
if [ -s "$work/files" ]; then
  cat "$work/files"
  failed=1
fi

# Targets: `make NAME` in code of the documents has to have a rule.
cat Makefile ./*/*.mk ./*/*/*.mk | sed -n 's/^\([a-z][a-z0-9 -]*\):.*/\1/p' |
  tr ' ' '\n' | sort -u >"$work/targets"
for document in $documents; do
  grep -oE '(`|\$ )make (-[a-z] )*[a-z][a-z0-9-]*' "$document" | sed 's/.* //' | sort -u |
    while read -r target; do
      grep -qx "$target" "$work/targets" || echo "$document: there is no target $target"
    done
done >"$work/missing"
if [ -s "$work/missing" ]; then
  cat "$work/missing"
  failed=1
fi

[ $failed -eq 0 ] && echo "$count documents with $links links fit the tree"
exit $failed
