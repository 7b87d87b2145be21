#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# selftest.sh: every house rule and the analyser must report a file made to break it, and be silent
# on a good one.
#
# The files are written below build/lint; a case is a file, a message and the text. Words that the
# rules forbid are put together here, so that this script passes them itself.
set -u
cd "$(dirname "$0")/../.." || exit 1

house_rules=$PWD/tests/lint/rules.awk
style_rules=$PWD/tests/lint/style.awk
rules=$house_rules
work=build/lint
rm -rf "$work"
mkdir -p "$work"
cd "$work" || exit 1

failed=0
count=0
c_head='/* SPDX-License-Identifier: Apache-2.0 */
/* NAME: a file to try the rules on. */'
sv_head='// SPDX-License-Identifier: Apache-2.0
// NAME: a file to try the rules on.
`default_nettype none'

fixture() { # file: standard input below the right header, NAME replaced
  mkdir -p "$(dirname "$1")"
  stem=$(basename "$1" | sed 's/\..*//')
  case $1 in
    *.sv) head=$sv_head ;;
    *.sh) head=$(printf '# SPDX-License-Identifier: Apache-2.0\n# NAME: a file to try.') ;;
    *) head=$c_head ;;
  esac
  { printf '%s\n' "$head" | sed "s/NAME/$stem/"; cat; } >"$1"
}

expect() { # file line message
  count=$((count + 1))
  out=$(awk -f "$rules" "$1")
  status=$?
  if [ $status -eq 0 ] || ! printf '%s\n' "$out" | grep -qF "$1:$2: $3"; then
    echo "not caught: $1:$2: $3"
    printf '%s\n' "$out"
    failed=1
  fi
}

expect_clean() { # file
  count=$((count + 1))
  if ! out=$(awk -f "$rules" "$1"); then
    echo "wrongly reported: $out"
    failed=1
  fi
}

lines() { # count text: the text so many times
  awk -v n="$1" -v t="$2" 'BEGIN { for (i = 0; i < n; i++) print t }'
}

sizes() {
  lines 399 'int x;' | fixture long.c
  expect long.c 401 'file of 401 lines'
  lines 398 'int x;' | fixture full.c
  expect_clean full.c
  { echo '/* Generated from a table. */'; lines 500 'int x;'; } | fixture made.c
  expect_clean made.c
  { echo 'static int f(int a,'; echo '             int b) {'; lines 58 '  a++;'; echo '}'; } |
    fixture fn.c
  expect fn.c 3 'function of 61 lines'
  { echo 'static int f(int a) {'; lines 58 '  a++;'; echo '}'; } | fixture fn_ok.c
  expect_clean fn_ok.c
  { echo 'int table[] = {'; lines 80 '  1,'; echo '};'; } | fixture data.c
  expect_clean data.c
  { echo '  function automatic logic f(logic a);'; lines 59 '    f = a;'; echo '  endfunction'; } |
    fixture fn.sv
  expect fn.sv 4 'function of 61 lines'
  printf 'int x; /* %0100d */\n' 0 | fixture wide.c
  expect wide.c 3 'line of 113 characters'
  printf 'int x; \n\tint y;\n' | fixture space.c
  expect space.c 3 'space at the end'
  expect space.c 4 'a tab'
}

headers() {
  printf '/* bare.c: no licence. */\n' >bare.c
  expect bare.c 1 'the SPDX line is missing'
  printf '/* SPDX-License-Identifier: Apache-2.0 */\nint x;\n' >silent.h
  expect silent.h 1 'the header does not say'
  printf '// SPDX-License-Identifier: Apache-2.0\n// net: a module.\nmodule net;\n' >net.sv
  expect net.sv 1 '`default_nettype none is missing'
  echo 'module other (input wire logic a_i);' | fixture named.sv
  expect named.sv 4 'module other is not named like its file'
  printf 'module two;\nmodule three;\n' | fixture two.sv
  expect two.sv 5 'a second module'
  state='module MODULE;
  always_ff @(posedge clk_i) if (!rst_ni) a_q <= 1'\''b0;
endmodule'
  printf '%s\n' "$state" | sed s/MODULE/state/ | fixture state.sv
  expect state.sv 1 'a module with reset state has no cycle table'
  { echo '// cycle  0  1'; printf '%s\n' "$state"; } | sed s/MODULE/table/ | fixture table.sv
  expect_clean table.sv
}

words() {
  for word in TO''DO FIX''ME X''XX HA''CK st''ub Place''holder 'For ''now'; do
    echo "/* $word: more. */" | fixture word.c
    expect word.c 3 'a word for unfinished work'
  done
  echo 'mktemp -d x.XXXXXX # a stubborn XXXX' | fixture fine.sh
  expect_clean fine.sh
  for word in /ho''me/me /wo''rk/main deb.debi''an.org py''pi.org; do
    echo "/* see $word */" | fixture place.c
    expect place.c 3 'a path of a machine'
  done
  for word in 'ra''nd()' 'sra''nd(1)' 'drand''48()' 'arc4ra''ndom()' 'getra''ndom(a, 1, 0)'; do
    echo "int x = $word;" | fixture luck.c
    expect luck.c 3 'randomness outside'
  done
  echo 'assign x = $ura''ndom;' | fixture luck.sv
  expect luck.sv 4 'randomness outside'
  echo 'int x = ra''nd();' | fixture tests/support/seed.c
  expect_clean tests/support/seed.c
  echo 'int operand(int a);' | fixture operand.c
  expect_clean operand.c
  echo '  printf("x");' | fixture driver/loud.c
  expect driver/loud.c 3 'a library neither prints'
  echo '  exit(1);' | fixture sw/io/quit.c
  expect sw/io/quit.c 3 'a library neither prints'
  echo '  snprintf(a, 2, "x"); fprintf(f, "y"); ops->exit(1);' | fixture sw/io/quiet.c
  expect_clean sw/io/quiet.c
  echo '  f = fopen(path, "rb");' | fixture sw/model/own.c
  expect sw/model/own.c 3 'a file is opened by sw/io/file'
  echo '  f = fopen(path, "rb"); good = trine_open(a) && ops->open(b);' | fixture sw/io/file.c
  expect_clean sw/io/file.c
  echo '  good = trine_open(a) && ops->open(b);' | fixture sw/cli/open.c
  expect_clean sw/cli/open.c
  echo '#include <check.h>' | fixture tests/support/tied.c
  expect tests/support/tied.c 3 'Check outside tests/support/checked'
  echo '#include <check.h>' | fixture tests/support/checked/tied.c
  expect_clean tests/support/checked/tied.c
  echo '  printf("x");' | fixture sw/cli/loud.c
  expect_clean sw/cli/loud.c
}

casts() {
  # shellcheck disable=SC2016
  for term in "a & ~Bits'(0)" "a & ~8'(b)" "!pkg::Bits'(b)" "~(\$clog2(Beats) + 1)'(Beats)" \
    "-Bits'(1)" "b ? a : &Bits'(b)"; do
    echo "assign y = $term;" | fixture rtl/casts.sv
    expect rtl/casts.sv 4 'an operator before a cast'
  done
  for term in "a & ~(Bits'(0))" "a - Bits'(1)" "a & Bits'(b)" "~a + Bits'(b)" "a  // ~Bits'(0)" \
    "~(a == b) & (c)" "a & ~4'd1"; do
    echo "assign y = $term;" | fixture rtl/casts.sv
    expect_clean rtl/casts.sv
  done
}

layers() {
  echo 'int x;' | fixture tb/chip/part.h
  echo 'int x;' | fixture sw/io/part.h
  echo 'int x;' | fixture driver/part.h
  for from in sw/cli driver sw/io driver/runtime; do
    for name in chip/part.h tb/chip/part.h ../../tb/chip/part.h; do
      printf '\n  # include "%s"\n' "$name" | fixture $from/up.c
      expect $from/up.c 4 'driver and sw include nothing of tb'
    done
  done
  for name in io/part.h sw/io/part.h ../sw/io/part.h; do
    echo "#include \"$name\"" | fixture driver/image/side.c
    expect driver/image/side.c 3 'the driver includes nothing of sw'
  done
  printf '#include "%s"\n' part.h io/part.h made/part.h | fixture sw/cli/down.c
  expect_clean sw/cli/down.c
  echo '#include "part.h"' | fixture driver/image/down.c
  expect_clean driver/image/down.c
  printf '#include "%s"\n' part.h io/part.h chip/part.h | fixture tb/chip/any.cpp
  expect_clean tb/chip/any.cpp
}

analyser() { # what turns red, in file:line; with a list of what is known, and without
  list=known.txt
  : >$list
  run='sh ../../tests/lint/analyse.sh'
  for case in 'freed:6:use after .free' 'null:5:dereference of NULL' 'leak:5:leak of'; do
    name=${case%%:*} where=${case#*:} count=$((count + 1))
    {
      echo '#include <stdlib.h>'
      case $name in
        freed) printf '%s\n' 'int f(int *p);' 'int f(int *p) {' '  free(p);' '' '  return *p;' ;;
        null) printf '%s\n' 'int f(int *p);' 'int f(int *p) {' '  p = NULL;' '  return *p;' ;;
        leak) printf '%s\n' 'void f(void);' 'void f(void) {' '  *(int *)malloc(4096) = 1;' ;;
      esac
      echo '}'
    } >"$name.c"
    if out=$($run $list $name.c made/$name gcc 2>&1) || [ -e made/$name ] ||
      ! printf '%s\n' "$out" | grep -q "$name.c:${where%%:*}:.*${where#*:}"; then
      echo "the analyser does not find: $case"
      printf '%s\n' "$out"
      failed=1
    fi
  done
  count=$((count + 5))
  echo 'int g(int a); int g(int a) { return a; }' >clean.c
  if ! $run $list clean.c made/clean gcc || [ ! -e made/clean ]; then
    echo 'the analyser reports a clean file'
    failed=1
  fi
  echo 'freed.c f -Wanalyzer-use-after-free known here' >$list
  if ! $run $list freed.c made/freed gcc || [ ! -e made/freed ]; then
    echo 'the analyser reports what its list knows'
    failed=1
  fi
  echo 'clean.c g -Wanalyzer-malloc-leak was true once' >$list
  if $run $list clean.c made/clean gcc 2>/dev/null || [ -e made/clean ]; then
    echo 'a row of the analyser that nothing needs passes'
    failed=1
  fi
  echo 'freed.c f -Wanalyzer-use-after-free' >$list
  if $run $list freed.c made/freed gcc 2>/dev/null; then
    echo 'a row of the analyser without a reason passes'
    failed=1
  fi
  if ! (cd ../.. && make -n -W driver/trine_job.c lint-all) |
    grep -q 'analyse.sh.*driver/trine_job'; then
    echo 'make lint does not analyse'
    failed=1
  fi
}

mutants() { # fields of a list, and what is said of it
  count=$((count + 1))
  printf '%s\n' "$1" >mutants.txt
  if sh ../../tests/mutate/apply.sh "$PWD/mutants.txt" >said || ! grep -q "$2" said; then
    echo "a list of mutants with '$1' passes"
    failed=1
  fi
}

# style.awk on a file of C: what it holds, and the message, or nothing.
style() { # text message
  printf '%s\n' "$1" | fixture style.c
  rules=$style_rules
  if [ -n "$2" ]; then expect style.c "${3:-3}" "$2"; else expect_clean style.c; fi
  rules=$house_rules
}

styles() {
  braces='a body without braces'
  style 'if (a) return;' "$braces"
  style 'for (;;) go();' "$braces"
  style 'if (a) {} else go();' "$braces"
  style 'while (a(b)) go();' "$braces"
  style 'if (a) {
} else if (b) {
} else {
}
do {
} while (c); /* if (a) return; */' ''
  style '#define UNLESS(a) if (a) return' ''
  inside='a ?: inside another'
  style 'x = a ? b : c ? d : e;' "$inside"
  style 'x = a ? f(b ? 1 : 2) : c;' "$inside"
  style 'x = f(a ? b : c, d ? e : g) + (h ? i : j);
y = k ? "?" : m; /* ? */' ''
  style 'status = status ? status : f();' 'a status carried along'
  style '  a = a == OK ? f() : a;' 'a status carried along'
  style '  a = b == OK ? f() : a;' ''
  style 'x = sizeof(*a);' 'sizeof of an object has no parentheses'
  style 'x = sizeof(a.b);' 'sizeof of an object has no parentheses'
  style 'x = sizeof *a + sizeof(struct b) + sizeof(int) + sizeof(uint8_t);' ''
  style 'x = sizeof a / sizeof *a;' 'the number of entries is'
  style 'x = sizeof a / sizeof a[0];' ''
  style '#define SIZE 12' 'a whole number has its name in an enum'
  style 'static const int size = 12;' 'a whole number has its name in an enum'
  style 'static const double size = 12;' ''
  style 'enum { NONE = UINT32_MAX };' 'an enumerator is an int'
  style 'enum { MOST = INT32_MAX }; x = UINT32_MAX;' ''
  style 'static const int kSizes[] = {1, 2};' 'kNames are for C++'
  style 'struct a { int b; };
enum a { A };' 'the tag a is taken by style.c:3' 4
  style 'struct a *b;
struct a { int b; };' ''
}

lists() {
  mutants '# nothing' 'no mutant'
  mutants 'one @@ LICENSE @@ no such words in it @@ new @@ true' 'there 0 times'
  mutants 'one @@ LICENSE @@ the @@ new @@ true' 'there [0-9]* times'
  mutants 'one @@ no-such-file @@ old @@ new @@ true' 'not there'
  mutants 'one @@ LICENSE @@ old @@ true' '4 fields'
}

sizes
headers
words
casts
layers
analyser
styles
lists
[ $failed -eq 0 ] && echo "$count cases, every rule catches what it must"
exit $failed
