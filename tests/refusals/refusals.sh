#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# refusals.sh: what the command says to each line of cases.txt, word for word, and how many
# sentences of the inventory are provoked by some test.
#
#   refusals.sh          runs all cases; exit 1 at a difference, or below a floor of floors.txt
#   refusals.sh cases    the cases alone
#   refusals.sh said     prints what is said now, as lines of cases.txt, to be read and taken over
#
# A line is STATUS @@ ARGUMENTS @@ TEXT, the text without "trine: ". $w is the folder of files.sh.
# The old output file $w/old has to stay, nothing may come on standard output.
set -u
cd "$(dirname "$0")/../.." || exit 1
mode=${1:-check}
trine=${TRINE:-build/trine}
w=build/refused
models=tests/models set=tests/onnx/set
vad=$models/vad.tflite vowels=$models/vowels.tflite chars=$models/chars.tflite
heads=$w/heads.tflite softmax=$w/softmax.tflite
graph=$set/symbols
golden="--device golden"
failures=0
count=0
rm -rf "$w"
sh tests/refusals/files.sh "$w" || exit 1
"$trine" state $vowels --from new:3 --output "$w/states3.npz" >/dev/null || exit 1

many() { # WORD NUMBER: the word so often
  awk -v word="$1" -v n="$2" 'BEGIN { while (n-- > 0) printf "%s ", word }'
}
jobs=$(many "--job $vad:$w/x.npy:" 17)
froms=$(many "--from new" 65)
long=$w/$(many x 4100 | tr -d ' ')
q_long=$(many ./ 2035 | tr -d ' ')$w/q
"$trine" quantize $graph.onnx --calibrate ${graph}_x.npy -o "$w/symbols.tflite" >/dev/null || exit 1
"$trine" compile $vad -o "$w/img.trn" >/dev/null || exit 1
head -c 1000 "$w/img.trn" >"$w/cut.trn"

fail() {
  failures=$((failures + 1))
  echo "FAIL: $*"
}

case_line() { # STATUS ARGUMENTS TEXT
  count=$((count + 1))
  eval "set -- '$1' \"\$3\" $2"
  status=$1 text=$2
  shift 2
  timeout 20 "$trine" "$@" >"$w/out" 2>"$w/err" </dev/null
  got=$?
  said=$(sed -e 's/^trine: //' "$w/err")
  if [ "$mode" = said ]; then
    printf '%s @@ %s @@ %s\n' "$got" "$arguments" "$said"
    return
  fi
  sed -e 's/^trine: //' "$w/err" >>"$w/said"
  [ "$got" = "$status" ] || fail "exit $got instead of $status: trine $*"
  [ "$(wc -l <"$w/err")" -eq 1 ] || fail "not one line on standard error: trine $*"
  [ ! -s "$w/out" ] || fail "something on standard output: trine $*"
  [ "$said" = "$text" ] || fail "trine $*
  says  $said
  not   $text"
}

: >"$w/said"
while IFS= read -r line <&3; do
  case $line in '' | '#'*) continue ;; esac
  arguments=$(printf '%s\n' "$line" | awk -F ' @@ ' '{ print $2 }')
  text=$(printf '%s\n' "$line" | awk -F ' @@ ' '{ print $3 }')
  case_line "${line%% *}" "$arguments" "$text"
done 3<"${TRINE_CASES:-tests/refusals/cases.txt}"
[ "$mode" != said ] || exit 0

# What cannot be printed is a failure too; a full device takes nothing.
"$trine" info >/dev/full 2>"$w/err"
[ $? -eq 1 ] && grep -q '^trine: Standard output cannot be written: ' "$w/err" ||
  fail "a report that cannot be printed: $(cat "$w/err")"

[ "$(cat "$w/old")" = old ] || fail "a refused command changed an output"
[ "$(find "$w" -name '*.tmp' -o -name y.npy -o -name q.tflite | wc -l)" -eq 0 ] ||
  fail "a refused command left an output"
echo "$count cases, $failures failures"
if [ "$mode" = cases ]; then
  [ "$failures" -eq 0 ]
  exit
fi
[ ! -f "${REFUSALS_PROVOKED:-}" ] || cat "$REFUSALS_PROVOKED" >>"$w/said"
ls ${REFUSALS_TESTS:-tests/unit/*.c tests/cli/*.sh} >"$w/tests"
# shellcheck disable=SC2086
build/refusals covered tests/refusals/setters.txt "$w/said" "$w/tests" tests/refusals/floors.txt \
  ${REFUSALS_FILES:-sw/*/*.c driver/*.c driver/*/*.c} || failures=$((failures + 1))
[ "$failures" -eq 0 ]
