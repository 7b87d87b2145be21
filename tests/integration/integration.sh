#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# integration.sh: the template of docs/integration.md, as it stands there, through Verilator -Wall,
# and trine.core against rtl/files.txt.
#
#   integration.sh            both
#   integration.sh fusesoc    both targets of trine.core by FuseSoC (make fusesoc)
set -eu
cd "$(dirname "$0")/../.."
work=build/integration
mkdir -p "$work"

if [ "${1:-}" = fusesoc ]; then
  for target in lint sim; do
    "$work/venv/bin/fusesoc" --cores-root . run --build-root "$work/fusesoc" --target=$target \
      trine:trine:trine_top >"$work/$target.log" 2>&1 ||
      { tail -n 20 "$work/$target.log"; echo "fusesoc --target=$target fails"; exit 1; }
  done
  grep -q 'idle in reset: yes; ID: 0x5452494e TRIN' "$work/sim.log" ||
    { tail -n 5 "$work/sim.log"; echo "fusesoc --target=sim did not read ID"; exit 1; }
  echo "fusesoc: lint and sim of trine.core hold"
  exit 0
fi

awk '/^<!-- begin: template -->/ { inside = 1; next } /^<!-- end: template -->/ { inside = 0 }
  inside && !/^```/' docs/integration.md >"$work/soc_trine.sv"
includes=$(find rtl -name '*.svh' | sed -e 's|/[^/]*$||' -e 's/^/-I/' | sort -u)
# shellcheck disable=SC2046,SC2086
verilator --lint-only -Wall --assert --top-module soc_trine $includes \
  $(find rtl/lint -name '*.vlt' | sort) $(sed -e 's/#.*//' rtl/files.txt) "$work/soc_trine.sv"
sh sw/tools/core_file.sh >"$work/trine.core"
diff -u trine.core "$work/trine.core" ||
  { echo "trine.core is not what rtl/files.txt says: make gen-core"; exit 1; }
listed=$(grep -c '^      - rtl/.*[.]sv$' trine.core)
[ "$listed" -eq "$(sed -e 's/#.*//' -e '/^ *$/d' rtl/files.txt | wc -l)" ] ||
  { echo "trine.core lists $listed sources, and rtl/files.txt another number"; exit 1; }
echo "integration: the template lints, trine.core has the $listed sources of rtl/files.txt"
