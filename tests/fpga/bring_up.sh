#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# bring_up.sh: the transcripts of docs/bring-up.md, of each placed board's top in simulation:
# bring_up.sh check|renew PAGE [BOARD]: of that board alone.
#
# The commands are those of the page, word for word; the terminal of the simulated board stands
# where /dev/ttyUSB0 would. A transcript stands between `<!-- BOARD: begin -->` and its end. check:
# exit 1 when what comes out is not what the page has, but for numbers: when the host asks is not
# the same in two runs, and its reads take cycles. Needs what make fpga-uart-test needs.
set -eu
cd "$(dirname "$0")/../.."

action=${1:?check or renew}
page=${2:?page}
alone=${3:-}
limit=250 # seconds a board
work=build/fpga/bring_up
line=$work/ttyUSB0
rm -rf "$work"
mkdir -p "$work"
sim=
stop() { [ -z "$sim" ] || kill "$sim" 2>/dev/null || true; }
trap stop EXIT
trap 'exit 1' INT TERM
echo "no random numbers are used here"

start() { # board commands
  : >$work/pty
  "build/fpga/sim/$1-$(sh fpga/board.sh config "$1")/fpga_sim" $limit "$2" >>$work/pty \
    2>$work/sim.log &
  sim=$!
  path=
  for _ in 1 2 3 4 5 6 7 8 9 10; do
    path=$(awk '$1 == "pty" { print $2 }' $work/pty)
    [ -n "$path" ] && break
    sleep 1
  done
  [ -n "$path" ] || { echo "the simulated top gave no terminal within 10 s" >&2; exit 1; }
  ln -sf "$path" $line
}

say() { # a command and what it says, as in the page
  echo "    \$ $*" | sed 's|\$ build/trine|$ trine|; s|uart:[^ ]*|uart:/dev/ttyUSB0|'
  timeout $limit "$@" >$work/said 2>&1 || { cat $work/said >&2; exit 1; }
  sed -e "s|uart:$line|uart:/dev/ttyUSB0|" -e 's/^/    /' -e 's/ *$//' $work/said
}

transcript() { # board network rows
  build/tests/npy_head tests/models/vowels_xq.npy "$3" x.npy
  say build/trine info --device uart:$line
  say build/trine selftest --device uart:$line
  say build/trine run "tests/models/$2.tflite" --input x.npy --output y.npy --device uart:$line \
    --check
  rm -f x.npy y.npy
}

renew() { # board: its transcript from $work/board into the page
  awk -v board="$1" -v file="$work/$1" '
    $0 == "<!-- " board ": begin -->" {
      print
      while ((getline text < file) > 0) print text
      skip = 1
    }
    $0 == "<!-- " board ": end -->" { skip = 0 }
    !skip' $work/page >$work/page.new
  mv $work/page.new $work/page
}

words() { # of a file, numbers left out
  sed 's/[0-9][0-9,.]*/N/g' "$1"
}

cp "$page" $work/page
heard=
while read -r board network rows <&3; do
  case $board in "${alone:-$board}") heard=1 ;; *) continue ;; esac
  start "$board" 3
  transcript "$board" "$network" "$rows" >"$work/$board"
  wait $sim || { echo "the simulated top of $board ended badly: $(cat $work/sim.log)"; exit 1; }
  sim=
  renew "$board"
done 3<<'END'
ulx3s vowels 10
colorlight_i5 bidi 10
END
[ -n "$heard" ] || { echo "$page has no transcript of a board '$alone'." >&2; exit 2; }
if [ "$action" = renew ]; then
  cp $work/page "$page"
elif ! { words "$page" >$work/had && words $work/page | diff $work/had -; }; then
  echo "$page has other transcripts than the boards give; make bring-up-renew"
  exit 1
fi
