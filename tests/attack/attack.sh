#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# attack.sh: attacks on every configuration for a time, as many at once as there are processors.
#
#   attack.sh SECONDS
#
# The seed is one that nobody has used unless ATTACK_SEED gives it; it is printed. ATTACK_CONFIG
# names a single configuration, ATTACK_CONFIGS a list, ATTACK_DRAW runs that draw again alone. Each
# log is build/attack_log/NAME.log. A line for each run without a finding goes to
# build/attack_log/campaign.tsv, for page.sh. Fails when there is a finding.
set -u
build=${TRINE_BUILD:-build}
logs=$build/attack_log
seconds=$1
seed=${ATTACK_SEED:-}
[ -n "$seed" ] || seed=$(date +%s%N)
export TRINE_SEED="$seed"
mkdir -p "$logs"

if [ -n "${ATTACK_DRAW:-}" ]; then
  if [ -z "${ATTACK_CONFIG:-}" ]; then
    echo "ATTACK_CONFIG is missing beside ATTACK_DRAW." >&2
    exit 1
  fi
  exec "$build/attack" --config "$ATTACK_CONFIG" --draw "$ATTACK_DRAW"
fi

# Pairs that keep two processors busy; the second of a configuration begins with other draws.
parts=$(echo "${ATTACK_CONFIG:-${ATTACK_CONFIGS:-duo quad nano}}" | awk '{
  for (n = 1; n <= NF; n++) printf "%s:1 ", $n
  if (NF % 2) print $1 ":1000001"
}')
jobs=$(nproc 2>/dev/null || echo 1)
count=$(echo "$parts" | wc -w)
[ "$jobs" -le "$count" ] || jobs=$count
each=$((seconds * jobs / count))
[ "$each" -ge 1 ] || each=1
commit=$(git describe --always --dirty 2>/dev/null || echo unknown)
echo "seed $seed, commit $commit, $seconds s"

one() { # CONFIG:FIRST
  "$build/attack" --config "${1%:*}" --first "${1#*:}" --seconds "$each" \
    >"$logs/${1%:*}-${1#*:}.log" 2>&1
}

report() { # CONFIG:FIRST; 1 when there was a finding
  log=$logs/${1%:*}-${1#*:}.log
  grep -v -e '^seed ' -e '^Running suite' -e '^100%' -e "^attack$(printf '\t')" "$log"
  grep -q '^100%: Checks: 1, Failures: 0, Errors: 0' "$log" || return 1
  sed -n "s/^attack$(printf '\t')/$commit$(printf '\t')/p" "$log" >>"$logs/campaign.tsv"
}

failed=0
# shellcheck disable=SC2086
set -- $parts
while [ $# -gt 0 ]; do
  batch=
  while [ $# -gt 0 ] && [ "$(echo "$batch" | wc -w)" -lt "$jobs" ]; do
    batch="$batch $1"
    one "$1" &
    shift
  done
  wait
  for part in $batch; do
    report "$part" || failed=1
  done
done
[ "$failed" = 0 ] && echo "attack: nothing wrong"
exit $failed
