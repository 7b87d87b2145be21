# SPDX-License-Identifier: Apache-2.0
# timeline.awk: what each core did in each cycle, out of a waveform in VCD (fst2vcd).
#
# Prints lines "NAME CORE FIRST LENGTH WHAT": cycles counted from the first of the waveform, WHAT
# is the phase at the MACs ({1, dense, h part, layer} as a number) or 128 + the cause of the loss.
# Variables: name, cores (those shown), cycles (at most), second (context 0 of the cores from this
# one on is the second layer).
function bits(text,    n, value) {
  value = 0
  for (n = 1; n <= length(text); n++) value = 2 * value + (substr(text, n, 1) == "1")
  return value
}
function flush_core(core, until) {
  if (shown[core] != "" && until > since[core])
    printf "%s %d %d %d %d\n", name, core, since[core], until - since[core], shown[core]
  since[core] = until
}
function look(now,    core, what) {
  for (core = 0; core < cores; core++) {
    what = phase[core] ? phase[core] + (core >= second) : 128 + cause[core]
    if (what != shown[core]) { flush_core(core, now); shown[core] = what }
  }
}
$1 == "$scope" { path[++depth] = $3; next }
$1 == "$upscope" { depth--; next }
$1 == "$var" && path[depth] == "u_view" && ($5 == "mac_phase" || $5 == "cause") {
  core = path[depth - 2]
  gsub(/[^0-9]/, "", core)
  users[$4] = users[$4] " " $5 ":" core
  next
}
$1 == "$var" && $5 == "clk_i" && clock == "" { clock = $4; next }
/^#/ {
  if (cycle > 0 && risen) { look(cycle - 1); if (cycle - 1 >= cycles) exit }
  risen = 0
  next
}
/^[01]/ { if (substr($1, 2) == clock && substr($1, 1, 1) == "1") { cycle++; risen = 1 }; next }
/^b/ && $2 in users {
  count = split(users[$2], list, " ")
  for (n = 1; n <= count; n++) {
    split(list[n], one, ":")
    if (one[1] == "cause") cause[one[2]] = bits(substr($1, 2))
    else phase[one[2]] = bits(substr($1, 2))
  }
}
END { for (core = 0; core < cores; core++) flush_core(core, cycles) }
