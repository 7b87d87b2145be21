#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# replay.sh: runs that fail, by the command and by the library, on the simulated chips named: what
# was kept of each fails again with the same error at the same cycle, or is said to differ.
#
#   replay.sh CONFIG ...     REPLAY_IMAGES=N broken images of each (default 12)
#
# Needs build/trine, build/tests/failures, build/tests/break_image and the chips (make replay).
set -u
name=replay
. "$(dirname "$0")/../cli/begin.sh"

images=${REPLAY_IMAGES:-12}
model=$work/m.tflite
"$trine" make --layers 16-24-24 --dense 5 -o "$model" >"$work/out" || fail "no model is made"
head="{'descr': '|i1', 'fortran_order': False, 'shape': (3, 4, 16), }"
{
  printf '\223NUMPY\001\000v\000%-117s\n' "$head"
  head -c 192 "$model"
} >"$work/x.npy"

# replays STATUS TEXT DUMP [OPTION ...]: exit status and a line of the report.
replays() {
  want=$1 text=$2 dump=$3
  shift 3
  checks=$((checks + 1))
  "$trine" replay "$dump" "$@" >"$work/out" 2>"$work/err"
  got=$?
  [ $got -eq "$want" ] || fail "exit $got instead of $want: $dump: $(cat "$work/out" "$work/err")"
  grep -q -- "$text" "$work/out" "$work/err" ||
    fail "$dump: no '$text': $(cat "$work/out" "$work/err")"
}

# --- the library: errors of memory, limits in time, boards ---
for config in "$@"; do
  mkdir -p "$work/$config"
  build/tests/failures "$config" "$model" "$work/$config" >"$work/$config.list" ||
    fail "$config: a run did not fail as it was to"
  while read -r case expected; do
    dump=$work/$config/$case.dump
    case $case,$expected in
      seed,*) echo "seed $expected" ;;
      time,same) replays 0 '^  the same: still at work at cycle 1[0-9][0-9],' "$dump" ;;
      *,same) replays 0 '^  the same error at the same cycle [0-9,]*$' "$dump" ;;
      *) replays 1 '^  it may be that ' "$dump" ;;
    esac
  done <"$work/$config.list"
  replays 0 '"left_out":[[:space:]]*[1-9]' "$work/$config/left-out.dump" --json
done

# --- the command: images whose programs are broken ---
: >"$work/codes"
for config in "$@"; do
  "$trine" compile "$model" --config "$config" --mode helper --steps 4 --batch 3 \
    -o "$work/$config.trn" || fail "$config: no image"
  n=0
  while [ $n -lt "$images" ]; do
    n=$((n + 1))
    build/tests/break_image "$work/$config.trn" "$work/b.trn" "$config-$n" >"$work/broken"
    rm -f "$work/b.dump"
    checks=$((checks + 1))
    if "$trine" run "$work/b.trn" --config "$config" --input "$work/x.npy" --dump "$work/b.dump" \
      >"$work/out" 2>"$work/err"; then
      [ ! -e "$work/b.dump" ] || fail "$(cat "$work/broken"): a dump of what did not fail"
      continue
    fi
    grep -q 'stopped with error' "$work/err" || continue # what the host refuses has no dump
    grep -q "; trine replay $work/b.dump runs it again" "$work/err" ||
      fail "$(cat "$work/broken"): the dump is not named: $(cat "$work/err")"
    sed 's/.*stopped with error \([0-9]*\) .*/\1/' "$work/err" >>"$work/codes"
    replays 0 '^  the same error at the same cycle [0-9,]*$' "$work/b.dump"
    cp "$work/b.dump" "$work/last.dump"
    cp "$work/b.trn" "$work/last.trn"
    last=$config
  done
done
codes=$(sort -u "$work/codes" | wc -l)
[ "$codes" -ge 3 ] || fail "the broken images gave $codes codes of errors; 3 or more are wanted"

# --- what else the two commands say ---
replays 0 'cycles [0-9,]* to [0-9,]* since reset in ' "$work/last.dump" --wave "$work/w.fst" \
  --wave-cycles 300
[ -s "$work/w.fst" ] || fail "there is no waveform"
replays 0 '"same":[[:space:]]*true' "$work/last.dump" --json
keys='dump config device failure slot starts left_out sentence recorded replayed same text why'
[ "$(jq -r 'keys_unsorted | join(" ")' "$work/out")" = "$keys put_back wave_start wave_end" ] ||
  fail "replay --json has the keys $(jq -r keys_unsorted "$work/out")"
jq -e '.recorded == .replayed and .recorded.error > 0 and .why == null' "$work/out" >/dev/null ||
  fail "not so: $(cat "$work/out")"
for key in $keys put_back wave_start wave_end; do
  grep '`replay --json`' docs/cli.md | grep -qw -- "$key" || fail "docs/cli.md has no $key"
done
checks=$((checks + 1))
"$trine" run "$work/last.trn" --config "$last" --input "$work/x.npy" >"$work/out" 2>"$work/err" &&
  fail "a broken image runs"
grep -q '; with --dump FILE it is kept for trine replay' "$work/err" ||
  fail "nobody says how to get a dump: $(cat "$work/err")"

# refuses STATUS SENTENCE ARGUMENTS
refuses() {
  want=$1 text=$2
  shift 2
  checks=$((checks + 1))
  "$trine" "$@" >"$work/out" 2>"$work/err"
  got=$?
  [ $got -eq "$want" ] || fail "exit $got instead of $want: trine $*"
  [ "$(cat "$work/err")" = "trine: $text" ] || fail "trine $*: $(cat "$work/err")"
}
bytes=$(wc -c <"$work/last.dump")
head -c $((bytes - 5)) "$work/last.dump" >"$work/cut.dump"
checks=$((checks + 1))
"$trine" replay "$work/cut.dump" 2>"$work/err" && fail "a dump that was cut is replayed"
grep -q 'it was cut, or goes on behind its end: write it again' "$work/err" ||
  fail "$(cat "$work/err")"
refuses 1 "$work/x.npy is no dump: it has 320 bytes, and the head alone has 2016." \
  replay "$work/x.npy"
refuses 2 'replay needs a dump: trine replay FILE, as trine run --dump FILE writes it' replay
refuses 2 '--wave-start and --wave-cycles need --wave FILE.fst.' replay x.dump --wave-cycles 3
refuses 2 "--dump takes the name of a file, not '-'." run "$work/last.trn" -i "$work/x.npy" --dump -
golden='--dump needs a device that can fail: sim, uart:PATH or mmio:PATH; golden has none to dump.'
refuses 2 "$golden" \
  run "$model" -i "$work/x.npy" --dump "$work/g.dump" --device golden
ended
