#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# core_file.sh: trine.core, what FuseSoC (CAPI 2) has to know of the design, on standard output:
# the sources of rtl/files.txt in their order, the headers they include, and the parameters of
# trine_top with their defaults. `make gen-core` writes it, `make integration` compares.
set -eu
cd "$(dirname "$0")/../.."

version=$(sed -n 's/^#define TRINE_VERSION_TEXT "\([0-9.]*\)".*/\1/p' driver/trine_version.h)
cat <<TEXT
CAPI=2:
# SPDX-License-Identifier: Apache-2.0
# trine.core: the accelerator for FuseSoC (docs/integration.md). Made from rtl/files.txt by
# sw/tools/core_file.sh (make gen-core); not to be edited.
name: trine:trine:trine_top:$version
description: Int8 LSTM networks on several small cores, AXI4-Lite and AXI4

filesets:
  rtl:
    file_type: systemVerilogSource
    files:
TEXT
git ls-files 'rtl/*.svh' | while read -r file; do
  echo "      - $file: {is_include_file: true, include_path: $(dirname "$file")}"
done
sed -e 's/#.*//' -e '/^ *$/d' -e 's/^/      - /' rtl/files.txt
echo '  waivers:'
echo '    file_type: vlt'
echo '    files:'
git ls-files 'rtl/lint/*.vlt' | sed 's/^/      - /'
cat <<'TEXT'
  first:
    file_type: cppSource
    files:
      - tests/integration/first.cpp

targets:
  default: &default
    filesets: [rtl]
    toplevel: trine_top
    parameters:
TEXT
parameters() {
  sed -n 's/^ *parameter int unsigned \([A-Za-z]*\) *= *\([0-9]*\).*/\1 \2/p' rtl/trine_top.sv
}
parameters | sed 's/^\([A-Za-z]*\) .*/      - \1/'
cat <<'TEXT'
  lint:
    <<: *default
    description: Verilator -Wall with the waivers of rtl/lint
    filesets: [waivers, rtl]
    default_tool: verilator
    tools:
      verilator:
        mode: lint-only
        verilator_options: [-Wall, --assert]
  sim:
    <<: *default
    description: A register is read through AXI4-Lite; ID has to be the letters TRIN
    filesets: [waivers, rtl, first]
    default_tool: verilator
    tools:
      verilator:
        mode: cc
        verilator_options: [-Wall, --assert]

parameters:
TEXT
parameters | while read -r name value; do
  printf '  %s: {datatype: int, paramtype: vlogparam, default: %s}\n' "$name" "$value"
done
