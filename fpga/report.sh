#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# report.sh: docs/fpga_ulx3s.md on stdout, from what a build of the bitstream left: report.sh DIR.
#
# DIR has check.md (fpga/check.awk), nextpnr.log and versions.
set -eu
cd "$(dirname "$0")/.."

dir=${1:?folder of the build}
# The last estimate is that of the routed design.
clock=$(sed -n "s/.*Max frequency for clock[^:]*: *\([0-9.]*\) MHz.*/\1/p" "$dir/nextpnr.log" |
  tail -n 1)
[ -n "$clock" ] || { echo "report.sh: $dir/nextpnr.log names no clock" >&2; exit 1; }

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
| asked for | 25 |
| reached after routing (one seed) | $clock |

## Cells

$(cat "$dir/check.md")

The multipliers implied are those of the MACs, requantisers, activations and cell updates; up to
four a core more are address arithmetic. Small buffers may be in block RAM or in lookup tables.

## Use of the device

| cell | used | there |
|---|---|---|
$(awk -f fpga/device.awk "$dir/nextpnr.log")

## Made with

$(cat "$dir/versions")
END
