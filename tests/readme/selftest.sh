#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# selftest.sh: the README comparison accepts what fits and refuses what does not.
set -u
cd "$(dirname "$0")/../.." || exit 1
work=build/readme-selftest
rm -rf "$work"
mkdir -p "$work"
failed=0

try() { # expected status, wanted text, printed text
  printf '%b' "$2" >"$work/want"
  printf '%b' "$3" >"$work/got"
  awk -f tests/readme/compare.awk "$work/want" "$work/got" >"$work/why"
  status=$?
  [ $status -eq "$1" ] && return
  printf 'wrong verdict %d for want "%s", got "%s"\n' $status "$2" "$3"
  failed=1
}

try 0 'a\nb\n' 'a\nb\n'
try 1 'a\nb\n' 'a\nc\n'
try 1 'a\n' 'a\nb\n'
try 1 'a\nb\n' 'a\n'
try 0 '' ''
try 1 '' 'x\n'
try 0 'a\n...\nd\n' 'a\nb\nc\nd\n'
try 0 'a\n...\nd\n' 'a\nd\n'
try 0 '...\nd\n...\n' 'd\nd\ne\n'
try 1 '...\nd\n' 'a\nb\n'
try 0 'took ~12.5 s (x) [a^b] | *\n' 'took 3 s  (x) [a^b] | *\n'
try 1 'took 12.5 s\n' 'took 3 s\n'
try 1 'took ~12 s\n' 'took x s\n'
try 0 'CC ... done\n' 'CC a b done\n'
try 0 'exact\n' '\033[32mexact\033[0m\n'
try 0 'done\n' '10 %\r50 %\rdone\n'
try 1 'a.b\n' 'axb\n'

cat >"$work/README.md" <<'TEXT'
```console
$ echo one \
    two
one two
$ printf 'x\ny\n'
...
y
```
```sh
$ false
```
TEXT
sh tests/readme/run.sh --here "$PWD/$work/README.md" >"$work/log" 2>&1 ||
  { echo "a README that is true was refused:"; cat "$work/log"; failed=1; }
printf '```console\n$ echo one\ntwo\n$ false\n```\n' >"$work/README.md"
if sh tests/readme/run.sh --here "$PWD/$work/README.md" >"$work/log" 2>&1; then
  echo "a README that is wrong was accepted"
  failed=1
fi
grep -q '2 commands of the README, 2 do not' "$work/log" || { cat "$work/log"; failed=1; }
[ $failed -eq 0 ] && echo "the README comparison can tell"
exit $failed
