#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# report.sh: docs/fpga_BOARD.md on stdout, from what a build of the bitstream left:
# report.sh BOARD CONFIG DIR PAGE.
#
# DIR has check.md (fpga/check.awk or xilinx7.awk), versions and minutes.synth, and of a board that
# is placed cores.md (fpga/cores.awk), seeds, seed, the seed's log and minutes.route. What limits
# the clock is written by hand: what PAGE, the page as it is, has between its two marks is kept.
set -eu
cd "$(dirname "$0")/.."

board=${1:?board}
config=${2:?configuration}
dir=${3:?folder of the build}
page=${4:?page}
field() { sh fpga/board.sh value "$board" "$config" "$1"; }
size() { sh sw/tools/config.sh value "$config" "$1"; }
khz=$(sh fpga/board.sh clock "$board" "$config")
mhz=$(awk -v khz="$khz" 'BEGIN { print khz / 1000 }')
placed=1
[ "$(field clock)" != - ] || placed=

cat <<END
# The board $board

Written by \`make fpga-report BOARD=$board CONFIG=$config\` after \`make fpga\` with the same, but
for what limits the clock. Nothing here was ever seen on a board: [bring-up.md](bring-up.md).

| | |
|---|---|
| FPGA | $(field family) $(field target), $(field package), speed $(field speed) |
| configuration (rtl/configs.txt) | \`$config\`: cores $(size Cores), TailRows $(size TailRows) |
| MACs a core | $(size Lanes) x $(size MacsPerLane) |
| shared memory, in block RAM | $(($(field memory) / 1024)) KiB |

Registers and memory are reached over the serial line, 1,000,000 baud
([uart_protocol.md](uart_protocol.md)).
END
if [ -n "$placed" ]; then
  cat <<END

    make fpga BOARD=$board CONFIG=$config SEEDS=4    # build/fpga/$board-$config/trine.bit
    make flash BOARD=$board CONFIG=$config

The same top in simulation, its pins behind a pseudo-terminal: \`make fpga-sim BOARD=$board\`.

## Clock

| | MHz |
|---|---:|
| oscillator | $(awk -v khz="$(field oscillator)" 'BEGIN { print khz / 1000 }') |
| what the design runs at, from the PLL (fpga/boards.txt) | $mhz |
$(sed 's/\(.*\) \(.*\)/| reached after routing, seed \1 | \2 |/' "$dir/seeds")
| worst | $(cat "$dir/clock") |

<!-- limits: begin -->
$(sed -n '/^<!-- limits: begin -->$/,/^<!-- limits: end -->$/p' "$page" 2>/dev/null | sed '1d;$d')
<!-- limits: end -->
END
fi
cat <<END

## Cells

$(cat "$dir/check.md")
END
if [ -n "$placed" ]; then
  cat <<END

The multipliers implied are those of the MACs, requantisers, activations and cell updates. Small
buffers may be in block RAM or in lookup tables.

## What a core spends

Flip-flops, memories and multipliers by the core they belong to; logic is shared out after the
hierarchy is gone, so lookup tables have no core ([synthesis.md](synthesis.md) counts them by
module).

$(cat "$dir/cores.md")

## Use of the device

| cell | used | there |
|---|---:|---:|
$(awk -f fpga/device.awk "$dir/seed$(cat "$dir/seed").log")
END
fi
cat <<END

## Made with

$(cat "$dir/versions")

Synthesis took $(cat "$dir/minutes.synth") minutes$(
  [ -z "$placed" ] || echo ", place and route of a seed $(cat "$dir/minutes.route")"), beside other
work.
END
