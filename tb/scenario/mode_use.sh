#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# mode_use.sh: the RTL may compare the computing mode and report it, never schedule by it.
#
# Looks at every use of a signal of the mode, or of a constant MODE_*, in rtl/ and fails on any but:
# ports and their connections, the controller's check of legality and its copy for the cores, the
# program unit's of the thread at hand, and the one comparison with the program's header. The
# argument is another rtl folder, for its test.
set -eu
cd "$(dirname "$0")/../.."
rtl=${1:-rtl}

find "$rtl" -name '*.sv' | sort | xargs awk '
  function complain(text) {
    print text
    bad = 1
  }
  # Lines that may name the mode, file by file.
  function allowed(file, line) {
    if (file == "trine_regs_pkg.sv") return 1
    if (file == "trine_pkg.sv") return line ~ /^ *localparam logic \[1:0\] MODE_[A-Z]+ = /
    if (file == "trine_top.sv") return line ~ /^ *logic +\[[^]]*\] +[a-z_, ]*_mode[a-z_, ]*;/
    if (file == "trine_regs.sv")
      return line ~ /^ *\{?(ram_rdata, )?cfg_program_o, cfg_size_o, cfg_base_o, cfg_mode_o/
    if (file == "trine_program.sv")
      return line ~ /^ *logic +\[1:0\] +mode_q, [a-z_, ]*;/ ||
        line ~ /^ *mode_q <= mode_i\[thread_i\*2 \+: 2\];$/
    if (file != "trine_start.sv") return 0
    return line ~ /^ *if \(cfg_mode_i > 32.d3\) begin$/ ||
      line ~ /^ *start_value_o <= .32.d0, cfg_mode_i.;$/ ||
      line ~ /\(cfg_mode_i\[1:0\] == trine_pkg::MODE_[A-Z]+ && ranks_q [!<]=? ?5.d[12]\)/ ||
      line ~ /^ *mode_o\[c\*2 \+: 2\] <= cfg_mode_i\[1:0\];$/
  }
  # .name, .name(signal) or .name(part of the bundle of all cores), and nothing else of the mode.
  function connection(line, rest) {
    rest = line
    gsub(/\.[a-z0-9_]*mode_[io](\((cfg_mode|mode_q|core_mode(\[c\*2 \+: 2\])?)\))?,?/, "", rest)
    return rest != line && rest !~ /mode/ && rest !~ /MODE_/
  }
  FNR == 1 { file = FILENAME; sub(/.*\//, "", file) }
  { line = $0; sub(/\/\/.*/, "", line) }
  line !~ /(^|[^A-Za-z0-9_])((cfg|core|slot)_)?mode(_[iodq]|_q[0-9])?([^A-Za-z0-9_]|$)/ &&
    line !~ /MODE_(SINGLE|MULTITHREADING|HELPER|HYBRID)/ { next }
  line ~ /^ *(input +wire|output)? +logic .*mode(_[io])?,? *$/ { next }
  allowed(file, line) || connection(line) { next }
  file == "trine_header.sv" && line ~ /if \(word_i\[1:0\] != mode_i\) error = [a-z_:]*ERR_P/ {
    compared++
    next
  }
  { complain(FILENAME ":" FNR ": the mode is used here:" line) }
  END {
    if (compared != 1)
      complain("The program header is compared with the mode " compared + 0 " times, not once.")
    exit bad
  }'
echo "the mode is compared with the program header and used nowhere else"
