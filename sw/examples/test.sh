#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# test.sh: the examples in short: the golden model gives the known answers, and the simulated chip
# says the same words as the golden model.
set -u
cd "$(dirname "$0")/../.." || exit 1
programs=${TRINE_BUILD:-build}/examples
work=$programs/test
mkdir -p "$work"
failed=0

same() { # PROGRAM ARGUMENTS...: on both devices
  program=$1
  shift
  "$programs/$program" golden "$@" >"$work/golden" && "$programs/$program" "$@" >"$work/chip" ||
    { echo "$program does not run"; failed=1; return; }
  sed '/ cycles a /d' "$work/chip" | cmp -s - "$work/golden" ||
    {
      echo "$program says something else on the chip:"
      diff "$work/golden" "$work/chip"
      failed=1
    }
}

says() { # TEXT PROGRAM ARGUMENTS...: on the golden model
  text=$1 program=$2
  shift 2
  "$programs/$program" golden "$@" | grep -qF "$text" || { echo "$program: no '$text'"; failed=1; }
}

same vad
says '239 of 377 frames are speech' vad
same speaker 24
says '360 of 370 utterances are told right' speaker
same chars 60
says 'MACBETH.' chars 60
[ $failed -eq 0 ] && echo "three examples, the same words on the chip and the golden model"
exit $failed
