# SPDX-License-Identifier: Apache-2.0
# style.awk: one way to write what clang-format leaves open, one `file:line: message` a violation.
#
# Call: awk -f tests/lint/style.awk FILE ... with files of C or C++. Exit 1 when anything was found.
# The rules are those of docs/decisions/2026-11-30-vocabulary.md: a body has braces, one ?:
# holds no other, a status is not carried along in one, sizeof is written on the object, whole
# numbers have their names in an enum, and a tag has one definition.
#
# A file is read as tokens: comments go, a string or character is one token.

function report(line, text) {
  print file ":" line ": " text
  found = 1
}

function begin_file() {
  file = FILENAME
  in_comment = in_define = 0
  depth = open_count = 0
  awaits = before = ""
}

# The line without comments, and with strings and characters as "" and ''.
function code_of(line, out, end) {
  out = ""
  while (line != "") {
    if (in_comment) {
      end = index(line, "*/")
      if (!end) return out
      line = substr(line, end + 2)
      in_comment = 0
    } else if (match(line, /^("([^"\\]|\\.)*"|'([^'\\]|\\.)*')/)) {
      out = out substr(line, 1, 1) substr(line, 1, 1)
      line = substr(line, RLENGTH + 1)
    } else if (line ~ /^\/\//) {
      return out
    } else if (line ~ /^\/\*/) {
      in_comment = 1
      line = substr(line, 3)
    } else {
      out = out substr(line, 1, 1)
      line = substr(line, 2)
    }
  }
  return out
}

# A condition is open from its ? to the end of the expression it is part of.
function ternary(token) {
  if (token == "?") {
    if (open_count) report(FNR, "a ?: inside another: an if, or a function with returns")
    open_at[++open_count] = depth
  } else if (token == "," || token == ";") {
    close_above(depth - 1)
  }
}

function close_above(level) {
  while (open_count && open_at[open_count] > level) open_count--
}

# After `if (...)`, `for (...)`, `while (...)`, `else` and `do` comes a brace.
function body(token) {
  if (awaits == "now") {
    awaits = ""
    if (token == "{" || (token == "if" && before == "else")) return
    if (token == ";" && keyword == "while") return # the end of do { } while
    report(FNR, "a body without braces")
  }
  if (token == "else" || token == "do") {
    keyword = token
    awaits = "now"
  } else if (token ~ /^(if|for|while)$/) {
    keyword = token
    awaits = "condition"
    level = depth
  }
}

function take(token) {
  body(token)
  if (token ~ /^[({[]$/) depth++
  if (token ~ /^[)}\]]$/) {
    depth--
    close_above(depth)
    if (token == ")" && awaits == "condition" && depth == level) awaits = "now"
  }
  ternary(token)
  before = token
}

function tokens(line) {
  while (match(line, /[A-Za-z_][A-Za-z0-9_]*|[(){}\[\]?,;]/)) {
    take(substr(line, RSTART, RLENGTH))
    line = substr(line, RSTART + RLENGTH)
  }
}

function is_type(text) {
  return text ~ /^(const|struct|enum|union) / || text ~ /^[a-z0-9_]+_t[ *)]/ ||
         text ~ /^(unsigned|signed|char|short|int|long|float|double|bool|void)[ *)]/ ||
         text ~ /^(\(|T\)|[A-Z][a-z]|std::)/ # or an expression that needs them
}

# name = name ? name : ..., name = name == OK ? ... : name;
function carried(line, name) {
  if (!match(line, /(^|[^A-Za-z0-9_>.])[a-z_]+ = [a-z_]+/)) return
  name = substr(line, RSTART, RLENGTH)
  sub(/^[^A-Za-z0-9_]/, "", name)
  match(name, / = /)
  if (substr(name, 1, RSTART - 1) != substr(name, RSTART + 3)) return
  name = substr(name, 1, RSTART - 1)
  if (line ~ ("= " name "( [!=]= [A-Za-z0-9_]+)? \\? (" name " :|[^:]*: " name ";)"))
    report(FNR, "a status carried along in ?:")
}

function lines(line) {
  carried(line)
  if (match(line, /(^|[^A-Za-z0-9_])sizeof ?\(/) && !is_type(substr(line, RSTART + RLENGTH)))
    report(FNR, "sizeof of an object has no parentheses")
  if (line ~ /sizeof [^;]*\/ ?sizeof \*/)
    report(FNR, "the number of entries is sizeof x / sizeof x[0]")
  if (line ~ /^ *#define +[A-Z][A-Z_0-9]* +\(?-?[0-9]+\)?$/ ||
      (line ~ /^( *static )?const [a-z0-9_ ]+ [A-Za-z_0-9]+ = -?[0-9][0-9a-fA-Fx]*[uUlL]*;/ &&
       line !~ /double|float/))
    report(FNR, "a whole number has its name in an enum")
  # gcc says nothing of what a macro of its own headers puts there.
  if (line ~ /(^|[ {,])[A-Z][A-Z_0-9]* = (U?INT(32|64|PTR|MAX)?|U?LONG|SIZE)_MAX/ &&
      line !~ / = INT(32)?_MAX/)
    report(FNR, "an enumerator is an int, and clang refuses more")
  if (file !~ /\.cpp$/ && line ~ /(^|[^A-Za-z0-9_])k[A-Z][a-z]/ && file !~ /\.h$/)
    report(FNR, "kNames are for C++; an object of C has a lower-case name")
}

# A tag has one definition among all files of C; the benches of C++ have classes and namespaces.
function tags(line, name) {
  if (file ~ /\.cpp$|^tb\/(chip|unit)\//) return
  if (match(line, /^ *(struct|union|enum) [A-Za-z_0-9]+ \{/)) {
    name = substr(line, RSTART, RLENGTH)
    sub(/^ *(struct|union|enum) /, "", name)
    sub(/ .*/, "", name)
    if (name in tag_of) report(FNR, "the tag " name " is taken by " tag_of[name])
    else tag_of[name] = file ":" FNR
  }
}

FNR == 1 { begin_file() }
{
  code = code_of($0)
  lines(code)
  tags(code)
  if (code ~ /^ *#/ || in_define) {
    in_define = $0 ~ /\\$/
  } else {
    tokens(code)
  }
}
END { exit found }
