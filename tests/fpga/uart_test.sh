#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# uart_test.sh: networks through the serial pins of each board's top in simulation, equal to the
# golden model and to the stored rows; what does not fit a board is refused in one sentence.
#
# uart_test.sh [BOARD-CONFIG...]: those alone. Needs build/trine, build/fpga/sim/*/fpga_sim and
# build/tests/npy_head (make fpga-uart-test). Ends within minutes whatever happens.
set -eu
cd "$(dirname "$0")/../.."

limit=150 # seconds a run
work=build/fpga/uart_test
models=tests/models
rm -rf "$work"
mkdir -p "$work"
sim=
stop() { [ -z "$sim" ] || kill "$sim" 2>/dev/null || true; }
trap stop EXIT
trap 'exit 1' INT TERM

echo "no random numbers are used here"

# Board, network, rows of its input, mode, cores; or words of the sentence that refuses it, with _
# between them.
cases() {
  cat <<'END'
ulx3s-ulx3s vowels 10 helper 2
ulx3s-ulx3s vad 12 helper 2
colorlight_i5-solo bidi 4 single 1
colorlight_i5-solo vowels 1 refused bytes_of_weights
arty-solo bidi 1 single 1
END
}

start() { # board: the simulated top and $path, its terminal
  : >$work/pty # not the terminal of the run before, which is gone
  "build/fpga/sim/$1/fpga_sim" $limit >>$work/pty 2>$work/sim.log &
  sim=$!
  path=
  for _ in 1 2 3 4 5 6 7 8 9 10; do
    path=$(awk '$1 == "pty" { print $2 }' $work/pty)
    [ -n "$path" ] && return 0
    sleep 1
  done
  echo "the simulated top gave no terminal within 10 s"
  return 1
}

finish() {
  wait $sim || {
    sim=
    echo "the simulated top ended badly:"
    tail -n 5 $work/sim.log
    return 1
  }
  sim=
}

# bidi is fed what vowels is.
inputs() { # network rows
  build/tests/npy_head "$models/$(echo "$1" | sed 's/bidi/vowels/')_xq.npy" "$2" $work/x.npy
}

run_case() { # board network rows mode cores
  inputs "$2" "$3"
  build/tests/npy_head "$models/$2_tflm.npy" "$3" $work/want.npy
  start "$1"
  timeout $limit build/trine run "$models/$2.tflite" --input $work/x.npy --output $work/y.npy \
    --device "uart:$path" --mode "$4" --cores "$5" --check
  finish
  if ! cmp $work/y.npy $work/want.npy; then
    echo "$1: $2 in $4 on $5 differs from the stored rows of $2_tflm.npy"
    return 1
  fi
  echo "$1: $2, $4 on $5: $3 rows equal to $2_tflm.npy; $(cat $work/sim.log)"
}

refuse_case() { # board network rows refused words
  inputs "$2" "$3"
  start "$1"
  if timeout $limit build/trine run "$models/$2.tflite" --input $work/x.npy --output $work/y.npy \
    --device "uart:$path" 2>$work/refused; then
    echo "$1: $2 ran, and should not fit"
    return 1
  fi
  finish
  if ! tr ' ' _ <$work/refused | grep -q "$5"; then
    echo "$1: $2 is refused with other words than $5: $(cat $work/refused)"
    return 1
  fi
  echo "$1: $(cat $work/refused)"
}

cases >$work/cases
while read -r board network rows mode cores <&3; do
  case " ${*:-$board} " in *" $board "*) ;; *) continue ;; esac
  if [ "$mode" = refused ]; then
    refuse_case "$board" "$network" "$rows" "$mode" "$cores"
  else
    run_case "$board" "$network" "$rows" "$mode" "$cores"
  fi
done 3<$work/cases
