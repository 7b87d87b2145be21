#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# report.sh: docs/fpga_ulx3s.md on stdout, from what a build of the bitstream left: report.sh DIR
# CLOCKS.
#
# DIR has check.md (fpga/check.awk), cores.md (fpga/cores.awk), nextpnr.log, clock, versions, seed
# and minutes; CLOCKS is what fpga/block.sh printed. What limits the clock is written by hand, in
# fpga/ulx3s/limits.md.
set -eu
cd "$(dirname "$0")/.."

dir=${1:?folder of the build}
tail=${2:?clocks of the tail}
clock=$(cat "$dir/clock")

cat <<END
# The ULX3S board

Written by \`make fpga-report BOARD=ulx3s\` after \`make fpga BOARD=ulx3s\`; not to be edited.

Board with an ECP5-85F (speed 6, CABGA381), configuration \`ulx3s\` of rtl/configs.txt: $(
  sh sw/tools/config.sh value ulx3s Cores) cores of $(
  sh sw/tools/config.sh value ulx3s Lanes) x $(
  sh sw/tools/config.sh value ulx3s MacsPerLane) MACs,
$(($(cat "$dir/memory_bytes") / 1024)) KiB of shared memory in block RAM, registers and memory over
the serial line of the USB socket (1,000,000 baud, [uart_protocol.md](uart_protocol.md)). It runs at
the board's 25 MHz.

    make fpga BOARD=ulx3s                       # build/fpga/ulx3s/trine.bit
    openFPGALoader --board=ulx3s build/fpga/ulx3s/trine.bit
    build/trine run tests/models/vowels.tflite --input X.npy --mode helper \\
        --device uart:/dev/ttyUSB0

The same top in simulation, its pins behind a pseudo-terminal: \`make fpga-sim\`; its test:
\`make fpga-uart-test\`.

## Clock

| | MHz |
|---|---|
| board's oscillator, and what the design runs at | 25 |
| reached after routing, seed $(cat "$dir/seed") | $clock |
$(sed 's/\(.*\) \(.*\)/| `trine_tail` by itself (`make fpga-tail`), seed \1 | \2 |/' "$tail")

$(cat fpga/ulx3s/limits.md)

## Cells

$(cat "$dir/check.md")

The multipliers implied are those of the MACs, requantisers, activations and cell updates; one more
a core is in the checks of an operation. Small buffers may be in block RAM or in lookup tables.

## What a core spends

Flip-flops, memories and multipliers by the core they belong to; logic is shared out after the
hierarchy is gone, so lookup tables have no core ([synthesis.md](synthesis.md) counts them by
module).

$(cat "$dir/cores.md")

## Use of the device

| cell | used | there |
|---|---|---|
$(awk -f fpga/device.awk "$dir/nextpnr.log")

## Made with

$(cat "$dir/versions")

Synthesis took $(cat "$dir/minutes.synth") minutes, place and route $(cat "$dir/minutes.route").
END
