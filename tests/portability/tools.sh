#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# tools.sh: versions of the tools of a build, one a line: tools.sh PLAIN, where PLAIN is 1 for chips
# as Verilator wrote them. CC, CXX, AR and VERILATOR name the tools.
set -u
first() { "$@" 2>/dev/null </dev/null | head -n 1; }
bare() { first "$1" --version | grep -oE '[0-9]+(\.[0-9]+)+' | head -n 1; }
# shellcheck disable=SC2086
bits=$(echo __SIZEOF_POINTER__ | $CC -E -P - 2>/dev/null | tail -n 1)
echo "verilator: $(sh sw/tools/verilator.sh version)"
echo "chips: $([ "$1" = 1 ] && echo plain || echo rewritten)"
# shellcheck disable=SC2086
echo "cc: $(first $CC --version), $((bits * 8)) bits"
# shellcheck disable=SC2086
echo "c++: $(first $CXX --version)"
echo "others: $(first make --version), $(first "$AR" --version), $(first ldd --version)," \
  "cppcheck $(bare cppcheck), flatc $(bare flatc), protoc-c $(bare protoc-c)"
