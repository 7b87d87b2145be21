#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# selftest.sh: what `make wave` says without a display, with one that cannot be used and without
# GTKWave, and that it opens the view where it can; with a GTKWave and a view of its own.
set -u
cd "$(dirname "$0")/../.." || exit 1

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/bin" "$work/bare"
failed=0
seed=none # nothing here is drawn
echo "seed $seed"

fail() {
  echo "wave: $*: $(cat "$work/out" "$work/err")" >&2
  failed=1
}

wave() { # display: the status, with the GTKWave of `ends`
  PATH=$work/bin:$PATH DISPLAY=$1 sh tests/wave/show.sh "$view" >"$work/out" 2>"$work/err"
}

ends() { # status of its GTKWave
  printf '#!/bin/sh\necho "$DISPLAY $*" >>"%s"\nexit %s\n' "$work/called" "$1" >"$work/bin/gtkwave"
  chmod +x "$work/bin/gtkwave"
  : >"$work/called"
}

view=$work/some.gtkw
ends 0
wave '' || fail "exit $? without a display"
head -n 1 "$work/out" |
  grep -q "^There is no display (DISPLAY is not set): .* in $PWD, or make shots" ||
  fail "does not say that there is no display"
sed -n 2p "$work/out" | grep -q "^gtkwave .* $view\$" || fail "does not print the command"
[ ! -s "$work/called" ] || fail "calls GTKWave without a display"
# The command that it prints is the one that shows it.
(PATH=$work/bin:$PATH && export DISPLAY=:9 && eval "$(sed -n 2p "$work/out")")
grep -q "^:9 .* $view\$" "$work/called" || fail "the command it prints does not open the view"

ends 0
wave :7 || fail "exit $? with a display"
grep -q "^:7 .* $view\$" "$work/called" || fail "does not open the view"
[ ! -s "$work/out" ] && [ ! -s "$work/err" ] || fail "says something with a display"

ends 255
wave :7 && fail "holds on a display that GTKWave cannot use"
head -n 1 "$work/err" | grep -q '^GTKWave cannot show it on the display :7: .* or make shots' ||
  fail "does not say that the display cannot be used"
sed -n 2p "$work/err" | grep -q "^gtkwave .* $view\$" || fail "does not print the command"

# All tools but those of the package gtkwave.
IFS=:
for folder in $PATH; do
  ln -s "$folder"/* "$work/bare" 2>/dev/null
done
unset IFS
rm -f "$work/bare/gtkwave" "$work/bare/fst2vcd"
for display in '' :7; do
  PATH=$work/bare DISPLAY=$display sh tests/wave/wave.sh helper >"$work/out" 2>"$work/err" &&
    fail "holds without GTKWave"
  [ "$(cat "$work/err")" = \
    'gtkwave is missing (shows waveforms): apt-get install gtkwave' ] ||
    fail "does not say what to install"
  [ ! -s "$work/out" ] || fail "says more without GTKWave"
done
[ "$failed" -eq 0 ] && echo "wave: says what to do without a display and without GTKWave"
exit "$failed"
