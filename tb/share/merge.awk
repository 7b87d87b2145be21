# SPDX-License-Identifier: Apache-2.0
# merge.awk: one copy of the code that all cores run, instead of one for each.
#
#   merge.awk FILE...     the C++ files of a model; writes FILE.new for each
#
# Verilator writes the functions of a class once for each object where they differ, and those of two
# cores differ in two things: the numbers of temporaries (__Vfunc_NAME__7__, __Vtableidx7) and the
# core's name in the texts of assertions. A core whose functions are those of the first but for one
# renumbering of the temporaries, the same for all its functions, has its calls turned to the first
# core's, and its own code goes. All of it or nothing: temporaries carry values between functions.
#
# What is left reads and writes only its own object, so calls that follow each other are put in the
# order of the code: every core runs a piece while it is in the instruction cache.
#
# The failing branch of an assertion is the unlikely one, whatever Verilator thinks of it, and the
# switch for all assertions is looked at when one fails.
FNR == 1 { files++; name_of[files] = FILENAME }

{ line[++lines] = $0; file[lines] = files }

function core_of(text,    part) { # number of the core in a function's name, -1 without one
  if (!match(text, /__TOP__trine_top__DOT__gen_core__BRA__[0-9]+__KET____DOT__u_core__[0-9]+/))
    return -1
  split(substr(text, RSTART), part, /__BRA__|__KET__/)
  return part[2] + 0
}

function of_first(text) { # the same function of core 0; in a call, whose object stays
  sub(/gen_core__BRA__[0-9]+__KET__/, "gen_core__BRA__0__KET__", text)
  return text
}

/^(VL_[A-Z_]+ )?void Vtrine_top_trine_core.*\) \{$/ {
  name = $0
  sub(/\(.*/, "", name)
  sub(/.* /, "", name)
  core = core_of(name)
  if (core >= 0) {
    inside = name
    starts[name] = lines
    if (core > last_core) last_core = core
    order[core, ++count[core]] = name
  }
}

inside != "" { owner[lines] = inside }

/^}/ { if (inside != "") ends[inside] = lines; inside = "" }

# The numbers of temporaries as they come up; those of functions and of tables are counted apart.
function number(core, word,    key) {
  match(word, /[0-9]+$/)
  key = core " " substr(word, 1, 7) substr(word, RSTART)
  if (!(key in known)) known[key] = ++found[core]
  return substr(word, 1, RSTART - 1) "#" known[key]
}

function plain(text, core,    head, word) {
  gsub(/gen_core\[[0-9]+\]/, "gen_core[]", text)
  gsub(/[ \t]+/, "", text)
  head = ""
  while (match(text, /__Vfunc_[A-Za-z0-9_]*__[0-9]+__|__Vtableidx[0-9]+/)) {
    word = substr(text, RSTART, RLENGTH)
    head = head substr(text, 1, RSTART - 1)
    text = substr(text, RSTART + RLENGTH)
    sub(/__$/, "", word)
    head = head number(core, word)
  }
  return head text
}

# The function without its name, white space and numbers.
function body(name, core,    n, text) {
  text = ""
  for (n = starts[name] + 1; n <= ends[name]; n++)
    if (line[n] !~ /VL_DEBUG_IF/) text = text plain(line[n], core)
  return text
}

function equal(core,    n, name, first) {
  delete known
  delete found
  for (n = 1; n <= count[core]; n++) {
    name = order[core, n]
    first = of_first(name)
    if (!(first in starts) || body(name, core) != body(first, 0)) return 0
  }
  return count[core] > 0
}

function put(n, text) { printf "%s\n", text > (name_of[file[n]] ".new") }

# An assertion's text begins with the name of the object that runs the code.
function own_name(text) {
  gsub(/%Ntrine_top\.gen_core\[0\]\.u_core\./, "%N", text)
  gsub(/vlSymsp->name\(\)/, "vlSelf->name()", text)
  return text
}

function flush_calls(n,    i, k, seen, kinds, key, kind) {
  for (i = 1; i <= calls; i++) {
    key = call[i]
    sub(/\(\(.*/, "", key)
    if (!(key in seen)) {
      seen[key] = 1
      kind[++kinds] = key
    }
    code[i] = key
  }
  for (k = 1; k <= kinds; k++)
    for (i = 1; i <= calls; i++)
      if (code[i] == kind[k]) put(n, call[i])
  calls = 0
}

END {
  for (core = 1; core <= last_core; core++) {
    merged[core] = equal(core)
    if (merged[core]) {
      shared++
      for (n = 1; n <= count[core]; n++) gone[order[core, n]] = 1
    }
  }
  for (n = 1; n <= lines; n++) {
    text = line[n]
    if (owner[n] in gone) continue
    if (text ~ /^(VL_[A-Z_]+ )?void .*\);$/ && core_of(text) > 0 && merged[core_of(text)]) continue
    if (text ~ /^ +Vtrine_top_trine_core.*\(\(&vlSymsp->.*\)\);$/) {
      call[++calls] = merged[core_of(text)] ? of_first(text) : text
      last_call = n
      continue
    }
    if (calls > 0 && text ~ /^ +vlSelf->__Vm_traceActivity\[[0-9]+U\] = 1U;$/) {
      put(n, text)
      continue
    }
    flush_calls(last_call)
    if (owner[n] in starts && shared > 0 && core_of(owner[n]) == 0) {
      if (text ~ /%Ntrine_top\.gen_core/) in_text = 1
      if (in_text) text = own_name(text)
      if (text ~ /;$/) in_text = 0
    }
    if (text ~ /assertOn\(\)\) \{$/ && line[n + 1] ~ /^ +if \(VL_LIKELY\(/) {
      sub(/if \(vlSymsp->_vm_contextp__->assertOn\(\)\) /, "", text)
      sub(/VL_LIKELY/, "VL_UNLIKELY", line[n + 1])
    }
    put(n, text)
  }
  flush_calls(last_call)
  print shared + 0 " " last_core + 0
}
