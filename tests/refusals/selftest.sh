#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# selftest.sh: each rule of form.h turns red on a sentence made to break it, a floor on a room below
# it, an exception on a sentence that is gone, and the sweep on commands that end badly.
set -u
cd "$(dirname "$0")/../.." || exit 1
work=build/refusals-selftest
failed=0
count=0
rm -rf $work
mkdir -p $work/sw/cli $work/refused

table=tests/refusals/setters.txt
grep "^trine_error_set" $table |
  sed "s#sw/#$work/sw/#g" >$work/setters.txt
: >$work/none.txt

# red WORDS TEXT [MORE]: a file that sets this text is refused with these words.
red() {
  count=$((count + 1))
  printf 'void f(void) {\n  trine_error_set(error, %s%s);\n}\n' "$2" "${3:-}" >$work/sw/cli/x.c
  if build/refusals form $work/setters.txt $work/none.txt $work/sw/cli/x.c >$work/log 2>&1; then
    echo "FAIL: accepted: $2"
    failed=1
  elif ! grep -q -- "$1" $work/log; then
    echo "FAIL: no '$1' for $2: $(head -n 1 $work/log)"
    failed=1
  fi
}

good='"%s holds %u values; at most %d are read."'
red 'capital' '"it holds %u values; at most %d are read."'
red 'full stop' '"%s holds %u values; at most %d are read"'
red 'exclamation' '"%s holds %u values; at most %d are read!."'
red 'newlines' '"%s holds %u values;\nat most %d are read."'
red 'double blanks' '"%s holds  %u values; at most %d are read."'
red 'longer' "\"%s $(printf 'holds %.0s' $(seq 60)); at most %d.\""
red 'says nothing' '"The invalid %s holds %u values; at most %d are read."'
red 'not supported, but what then' '"The type of %s is not supported."'
red 'say why' '"The file %s cannot be opened."'
red 'names no value' '"The file holds more values than can be read."'
red 'no way out' '"The file %s is strange."'
red 'no way out' 'x ? "The file %s is strange." : "The file %s holds %u; at most %d are read."'
red 'names no value' '"The file " /* a comment */ "holds more."'
printf 'void f(void) {\n  trine_error_set(error, %s);\n}\n' "$good" >$work/sw/cli/x.c
build/refusals form $work/setters.txt $work/none.txt $work/sw/cli/x.c >/dev/null || {
  echo "FAIL: a good sentence is refused"
  failed=1
}
echo 'A sentence that is gone. | a reason' >$work/gone.txt
build/refusals form $work/setters.txt $work/gone.txt $work/sw/cli/x.c | grep -q 'any more' || {
  echo "FAIL: an exception that nothing needs is accepted"
  failed=1
}

# covered FLOOR SAID: the status of the count with one sentence and what was said.
covered() {
  echo "$work/sw/cli/ | $1" >$work/floors.txt
  echo "$2" >$work/said.txt
  build/refusals covered $work/setters.txt $work/said.txt $work/none.txt $work/floors.txt \
    $work/sw/cli/x.c >$work/log 2>&1
}
covered 100 'x.npy: a.npy holds 12 values; at most 7 are read.' || {
  echo "FAIL: what was said is not found"
  failed=1
}
if covered 1 'x.npy: a.npy holds 12 numbers; at most 7 are read.'; then
  echo "FAIL: another sentence counts as said"
  failed=1
fi

# ends WORDS SCRIPT: the sweep says so of a command that does that.
ends() {
  count=$((count + 1))
  printf '#!/bin/sh\n%s\n' "$2" >$work/trine
  chmod +x $work/trine
  echo old >$work/refused/old
  if build/sweep $work/trine $work/refused 30 >$work/log 2>&1; then
    echo "FAIL: the sweep accepts a command that does: $2"
    failed=1
  elif ! grep -q -- "$1" $work/log; then
    echo "FAIL: the sweep does not say '$1' of: $2"
    failed=1
  fi
}
ends 'not one line' 'exit 1'
ends 'not one line' 'echo "trine: one $2." >&2; echo two >&2; exit 1'
ends 'on standard error, though' 'echo "trine: $2." >&2'
ends 'on standard output, though' 'echo "{"; echo "trine: $2." >&2; exit 1'
ends 'neither 0, 1 nor 2' 'echo "trine: $2." >&2; exit 3'
ends 'killed by a signal' 'kill -SEGV $$'
ends 'a sanitizer spoke' 'echo "x.c:3: runtime error: shift" >&2; exit 1'
ends 'no full stop' 'echo "trine: $2" >&2; exit 1'
ends 'names nothing' 'echo "trine: Something failed." >&2; exit 1'
ends 'a control character' 'printf "trine: %s\\033.\\n" "$2" >&2; exit 1'
ends 'the old output is gone' 'echo new >../old; echo "trine: $2." >&2; exit 1'

echo "$count faults were to be seen"
[ $failed -eq 0 ]
