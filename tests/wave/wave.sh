#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# wave.sh: the waveform of one time step: wave.sh TEST [PICTURE.png].
#
# TEST is single, multithreading or helper: five utterances of vowels on `duo`, a window of some
# steps in the middle of the first; or a scenario of tb/scenario (its name, and the seed in
# TRINE_SEED), shown where it differs from the golden model or, when it does not, from START=cycle
# on. Writes build/wave/TEST.fst and its view TEST.gtkw, then shows it (show.sh). Says first what
# has to be installed.
set -eu
cd "$(dirname "$0")/../.."
sh sw/tools/doctor.sh check "$([ -n "${2:-}" ] && echo shots || echo wave)"

test=${1:-helper}
picture=${2:-}
place=build/wave
names='h_of_lstm0 h_of_lstm1 fc x'
case $test in # cycles of one step, from its first x part on, and cores
  single) first=22620 span=870 cores=1 ;;
  multithreading) first=22150 span=560 cores=2 ;;
  helper) first=19575 span=444 cores=2 ;;
  *) first= span=500 cores=2 names='channel channel channel channel' ;;
esac
mkdir -p $place
if [ -n "$first" ]; then
  ./build/tests/npy_head tests/models/vowels_xq.npy 5 $place/x.npy
  ./build/trine run tests/models/vowels.tflite --input $place/x.npy --mode "$test" \
    --wave $place/"$test".fst --wave-start $((first - 100)) --wave-cycles $((span + 300)) \
    --output $place/"$test".npy >/dev/null
else
  ./build/test_scenarios run "$test" $place/"$test".fst >$place/"$test".log 2>&1 || true
  grep -v -e '^Running' -e '^0%' $place/"$test".log
  [ -f $place/"$test".fst ] || {
    echo "wave: $test is neither single, multithreading, helper nor a scenario that runs" >&2
    exit 2
  }
  ! grep -q " on octo$" $place/"$test".log || cores=8
  at=$(sed -n 's/.*(cycle \([0-9]*\).*/\1/p' $place/"$test".log | head -n 1)
  first=${START:-$((${at:-2000} > 400 ? ${at:-2000} - 400 : 0))}
fi
sh tests/wave/view.sh "$PWD/$place/$test.fst" $cores $first $((first + span)) "$names" \
  >$place/"$test".gtkw

missing=$(sh tests/wave/names.sh $place/"$test".fst $place/"$test".gtkw)
if [ -n "$missing" ]; then
  echo "wave: the view names what the waveform has not: $missing" >&2
  exit 1
fi

sh tests/wave/show.sh $place/"$test".gtkw "$picture"
