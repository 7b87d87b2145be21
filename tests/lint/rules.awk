# SPDX-License-Identifier: Apache-2.0
# rules.awk: the house rules that a reader can check by eye, one `file:line: message` a violation.
#
# Call: awk -f tests/lint/rules.awk FILE ... with paths relative to the top folder. Exit 1 when
# anything was found. Words it forbids are written here with a bracket, so that it passes itself.

function report(line, text) {
  print file ":" line ": " text
  found = 1
}

function in_library(path) { # code that a user links into a program of his own
  return path ~ /^driver\// || (path ~ /^sw\// && path !~ /^sw\/(cli|tools|examples)\//)
}

function begin_file() {
  file = FILENAME
  base = file
  sub(/.*\//, "", base)
  stem = base
  sub(/\.[a-z]+$/, "", stem)
  kind = base ~ /\./ ? base : "sh"
  sub(/.*\./, "", kind)
  if (base == "Makefile") kind = "mk"
  is_c = kind ~ /^(c|h|cpp)$/
  is_sv = kind ~ /^svh?$/
  is_text = kind ~ /^(md|txt|yml|json|fbs)$/
  spdx = purpose = generated = 0
  signature = body = block = 0
  has_ff = has_reset = has_cycle = has_nettype = has_module = 0
  last = 0
}

function end_file() {
  if (file == "") return
  if (!is_text) {
    if (!spdx) report(1, "the SPDX line is missing from the first lines")
    if (!purpose) report(1, "the header does not say `" stem ": purpose`")
  }
  if (last > 400 && !generated && !is_text) report(last, "file of " last " lines, at most 400")
  if (kind == "sv" && !has_nettype) report(1, "`default_nettype none is missing")
  if (has_module && has_ff && has_reset && !has_cycle)
    report(1, "a module with reset state has no cycle table (// cycle ...)")
}

# A function of C starts at column 0, may have its parameters on several lines, and ends at a
# closing brace at column 0.
function c_functions() {
  if (body) {
    if ($0 ~ /^}/) {
      if (FNR - body + 1 > 60)
        report(body, "function of " FNR - body + 1 " lines, at most 60")
      body = 0
    }
    return
  }
  if (!signature && $0 ~ /^[A-Za-z_].*\(/ && $0 !~ /;[ \t]*$/ && $0 !~ /= \{$/) signature = FNR
  if (signature && $0 ~ /\{$/) {
    body = signature
    signature = 0
  } else if (signature && ($0 ~ /[;}]$/ || $0 ~ /^$/)) {
    signature = 0
  }
}

function sv_blocks() {
  if ($0 ~ /^[ \t]*(function|task)[ \t]/) block = FNR
  if (block && $0 ~ /^[ \t]*end(function|task)/) {
    if (FNR - block + 1 > 60 && !generated)
      report(block, "function of " FNR - block + 1 " lines, at most 60")
    block = 0
  }
  if ($0 ~ /^module[ \t]/) {
    name = $2
    sub(/[^A-Za-z0-9_].*/, "", name)
    if (has_module) report(FNR, "a second module in one file")
    else if (name != stem) report(FNR, "module " name " is not named like its file")
    has_module = 1
  }
  if ($0 ~ /^[ \t]*always_ff/) has_ff = 1
  if ($0 !~ /^[ \t]*\/\// && $0 ~ /!rst_ni|~rst_ni/) has_reset = 1
  if ($0 ~ /^[ \t]*\/\/ +cycle/) has_cycle = 1
  if ($0 ~ /^`default_nettype none/) has_nettype = 1
}

function words() {
  if ($0 ~ /(^|[^A-Za-z0-9_])(T[O]DO|FI[X]ME|X[X]X|HA[C]K)([^A-Za-z0-9_]|$)/)
    report(FNR, "a word for unfinished work")
  lower = tolower($0)
  if (lower ~ /(^|[^a-z0-9_])(s[t]ub|st[u]bs|st[u]bbed|place[h]olders?)([^a-z0-9_]|$)/ ||
      lower ~ /(^|[^a-z])for [n]ow([^a-z]|$)/)
    report(FNR, "a word for unfinished work")
  if ($0 ~ /\/wor[k]\/|\/hom[e]\/|deb\.debia[n]\.org|pyp[i]\.org|pythonhoste[d]\.org/)
    report(FNR, "a path of a machine or the name of a host")
}

function code_words() {
  helper = file ~ /(^|\/)tests\/support\/seed\.c$/
  if (!helper && $0 ~ /(^|[^A-Za-z0-9_])(s?ra[n]d|ra[n]dom|ra[n]d_r)[ ]*\(/)
    report(FNR, "randomness outside tests/support/seed.c")
  if (!helper && $0 ~ /(^|[^A-Za-z0-9_])([dlm]ra[n]d48|arc4ra[n]dom[a-z_]*|getra[n]dom)[ ]*\(/)
    report(FNR, "randomness outside tests/support/seed.c")
  if (!helper &&
      $0 ~ /\$u?ra[n]dom|<ra[n]dom>|mt1993[7]|ra[n]dom_device|\/dev\/u?ra[n]dom/)
    report(FNR, "randomness outside tests/support/seed.c")
  if (in_library(file) && $0 !~ /^ \*|^\/\*/ &&
      $0 ~ /(^|[^A-Za-z0-9_>.])(printf|puts|putchar|perror|exit|abort|_Exit)[ ]*\(/)
    report(FNR, "a library neither prints nor ends the program")
  if (is_c && file ~ /^(driver|sw)\// && file !~ /^sw\/(io|tools)\/|^driver\/backend_/ &&
      $0 ~ /(^|[^A-Za-z0-9_>.])f?open[ ]*\(/)
    report(FNR, "a file is opened by sw/io/file")
  # The demo, benchmark and planner's tables link tests/support where Check is not installed.
  if (file ~ /(^|\/)tests\/support\/[^\/]*$/ && /^#include <check[.]h>/)
    report(FNR, "Check outside tests/support/checked")
}

# What a program links is below what tests it, and the driver below the programs: a name in quotes
# is looked for as the compiler does, beside the file and then in the folders of includes.
function layers() {
  name = $0
  sub(/^[ \t]*#[ \t]*include[ \t]*"/, "", name)
  sub(/".*/, "", name)
  beside = file
  sub(/[^\/]*$/, "", beside)
  if (name ~ /(^|\/)tb\//) return report(FNR, "driver and sw include nothing of tb")
  is_driver = file ~ /^driver\//
  if (is_driver && name ~ /(^|\/)sw\//) return report(FNR, "the driver includes nothing of sw")
  if (is_there(beside name) || is_there("driver/" name)) return
  if (is_there("sw/" name)) {
    if (is_driver) report(FNR, "the driver includes nothing of sw")
  } else if (is_there("tb/" name)) {
    report(FNR, "driver and sw include nothing of tb")
  }
}

function is_there(path) {
  if (!(path in known)) {
    known[path] = (getline first_line < path) >= 0
    close(path)
  }
  return known[path]
}

# Yosys 0.23 reads ~N'(x) as (~N)'(x): zero, where the others read all ones; the same for - and the
# reductions. Every other tool says nothing. In parentheses, ~(N'(x)), all agree.
function casts(code) {
  code = $0
  sub(/\/\/.*/, "", code)
  if (code ~ /[~!][ ]*([A-Za-z0-9_:$]+|\(([^()]|\([^()]*\))*\))'\(/ ||
      code ~ /[=(,?:][ ]*[-&|^][ ]*([A-Za-z0-9_:$]+|\(([^()]|\([^()]*\))*\))'\(/)
    report(FNR, "an operator before a cast; Yosys 0.23 takes it for one of the width")
}

FNR == 1 {
  end_file()
  begin_file()
}
{
  last = FNR
  if (FNR <= 3 && $0 ~ /SPDX-License-Identifier: Apache-2\.0/) spdx = 1
  if (FNR <= 6 && !purpose && index($0, stem ": ") + index($0, base ": ") + \
      index($0, file ": ") > 0) purpose = 1
  if (FNR <= 5 && $0 ~ /[Gg]enerated (from|by)/) generated = 1
  words()
  if (is_text) next
  if (length($0) > 100 && !generated) report(FNR, "line of " length($0) " characters, at most 100")
  if ($0 ~ /[ \t]$/) report(FNR, "space at the end of the line")
  if ((is_c || is_sv) && $0 ~ /\t/) report(FNR, "a tab")
  if (is_c && !generated) c_functions()
  if (is_c && file ~ /^(driver|sw)\// && /^[ \t]*#[ \t]*include[ \t]*"/) layers()
  if (is_sv) sv_blocks()
  if (is_sv && file ~ /^rtl\//) casts()
  if (kind != "mk") code_words()
}
END {
  end_file()
  exit found
}
