#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# verilator.sh: what the build has to know of the Verilator at hand (VERILATOR names it).
#
#   verilator.sh version             its version, with three digits behind the point; packages of
#                                    Python print none, and their header has it; else `unknown`
#   verilator.sh plain               1 when tb/share and tb/wake were not made for its C++, else 0
#   verilator.sh libraries [ROOT]    what a chip is linked with: waveforms are packed by zlib, and
#                                    in newer ones by lz4, which older ones have in themselves;
#                                    clang asks a library whether an atomic is free of locks
set -eu

tool=${VERILATOR:-verilator}
# The rewriters read C++ as these wrote it; `make wake-test` and `make share-test` tell of others.
known='5.006'

# What it prints begins with `Verilator 5.006 2023-01-22`, or says only `rev v5.006-1-gabc` or
# `rev (Debian 5.006-3)` somewhere.
version() {
  said=$("$tool" --version 2>/dev/null </dev/null || true)
  number=$(printf '%s\n' "$said" | sed -n 's/^Verilator \([0-9]*\.[0-9]*\).*/\1/p' | head -n 1)
  [ -n "$number" ] ||
    number=$(printf '%s\n' "$said" | grep -oE '[0-9]\.[0-9]{3}([^0-9]|$)' | head -n 1)
  if [ -z "$number" ]; then
    root=$("$tool" --getenv VERILATOR_ROOT 2>/dev/null </dev/null || true)
    number=$(sed -n 's/^#define VERILATOR_VERSION *"\([0-9]*\.[0-9]*\).*/\1/p' \
      "$root/include/verilated_config.h" 2>/dev/null || true)
  fi
  # Packages of Python write 5.49 for what is 5.049 elsewhere.
  printf '%s\n' "${number:-unknown}" | awk -F '[^0-9]' \
    '/^[0-9]/ { printf "%d.%03d\n", $1, $2; next } { print }'
}

case ${1:-} in
  version) version ;;
  plain)
    found=$(version)
    for one in $known; do
      [ "$found" != "$one" ] || { echo 0; exit 0; }
    done
    echo 1
    ;;
  libraries)
    root=${2:-$("$tool" --getenv VERILATOR_ROOT 2>/dev/null </dev/null || true)}
    if grep -qs '<lz4.h>' "$root"/include/fstcpp/*.cpp; then lz4=-llz4; else lz4=; fi
    echo $lz4 -lz -Wl,--as-needed -latomic
    ;;
  *) echo "verilator.sh: wants version, plain or libraries" >&2; exit 2 ;;
esac
