# SPDX-License-Identifier: Apache-2.0
# netlist.awk: a flat netlist of ECP5 cells with the four commonest kinds of cell written out.
#
# awk -f netlist.awk NETLIST: LUT4, PFUMX and L6MUX21 become assignments and TRELLIS_FF registers,
# because Verilator needs a third of the time and memory for those that it needs for instances.
# What a cell does is as in Yosys's models (tests/synth/cells.sh compares). All other text is left
# as it is. Flip-flops start with the simulator's initial values instead of REGSET, so that nothing
# can rely on a power-up value. A parameter with another value than expected stops the program.

function fail(text) {
  print "netlist.awk: line " NR ": " text > "/dev/stderr"
  failed = 1
  exit 1
}

function port(name) { return name in value ? value[name] : "1'h0" }

function is(name, text) { return param[name] == "\"" text "\"" }

# A lookup table whose inputs are all variable is an index into its 16 bits.
function table4() {
  return "  assign " value["Z"] " = 1'h1 & (" param["INIT"] " >> {" port("D") ", " port("C") ", " \
    port("B") ", " port("A") "});"
}

# Synchronous set or reset, before the enable unless the mode says otherwise; one clock edge.
function flipflop(    key, next_value) {
  if (!is("CLKMUX", "CLK") || !is("LSRMUX", "LSR") || !is("GSR", "DISABLED") ||
      ("SRMODE" in param && !is("SRMODE", "LSR_OVER_CE")) || "LSRMODE" in param)
    fail("a flip-flop of a mode that is not modelled")
  key = port("CLK") SUBSEP port("LSR") SUBSEP (is("CEMUX", "1") ? "1'h1" : \
    is("CEMUX", "CE") ? port("CE") : is("CEMUX", "INV") ? "!" port("CE") : fail("CEMUX"))
  next_value = is("REGSET", "SET") ? "1'h1" : "1'h0"
  load[key] = load[key] "      " value["Q"] " <= " port("DI") ";\n"
  reset[key] = reset[key] "      " value["Q"] " <= " next_value ";\n"
  is_register[value["Q"]] = 1
}

function finish_cell() {
  if (kind == "LUT4") body[++lines] = table4()
  else if (kind == "TRELLIS_FF") flipflop()
  else if (kind == "PFUMX")
    body[++lines] = "  assign " value["Z"] " = " port("C0") " ? " port("ALUT") " : " \
      port("BLUT") ";"
  else
    body[++lines] = "  assign " value["Z"] " = " port("SD") " ? " port("D1") " : " port("D0") ";"
  split("", param)
  split("", value)
  kind = ""
}

/^  (LUT4|PFUMX|L6MUX21|TRELLIS_FF) / { kind = $1; in_ports = $2 != "#("; next }
kind != "" && /^  \) / { in_ports = 1; next }
kind != "" && /^  \);/ { finish_cell(); next }
kind != "" {
  open_at = index($0, "(")
  name = substr($0, 6, open_at - 6)
  text = $0
  sub(/\),?$/, "", text)
  text = substr(text, open_at + 1)
  if (in_ports) value[name] = text
  else param[name] = text
  next
}
/^endmodule/ {
  for (key in load) {
    split(key, part, SUBSEP)
    body[++lines] = "  always @(posedge " part[1] ")\n" \
      (part[2] == "1'h0" ? "" : "    if (" part[2] ") begin\n" reset[key] "    end else\n") \
      "    if (" part[3] ") begin\n" load[key] "    end"
  }
}
{ body[++lines] = $0 }

END {
  if (failed) exit 1
  for (i = 1; i <= lines; i++) {
    line = body[i]
    if (line ~ /^  wire [^[]*;$/) {
      name = substr(line, 8, length(line) - 8)
      if (name in is_register) line = "  reg " name ";"
    }
    print line
  }
}
