#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# selftest.sh: what merge.awk merges, and what it must leave alone. Run from the top folder.
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
seed=none # nothing here is drawn
echo "seed $seed"

path=__TOP__trine_top__DOT__gen_core__BRA__
class=Vtrine_top_trine_core

piece() { # core, piece, its statement: one function
  printf 'VL_INLINE_OPT void %s___nba_sequent%s%s__KET____DOT__u_core__%s(%s* vlSelf) {\n' \
    $class $path "$1" "$2" $class
  printf '    %s\n' "$3"
  printf '    if (vlSymsp->_vm_contextp__->assertOn()) {\n        if (VL_LIKELY(vlSelf->bad)) {\n'
  printf '            VL_WRITEF("failed in %%Ntrine_top.gen_core[%s].u_core.u_x.a_y\\n",\n' "$1"
  printf '                      vlSymsp->name());\n        }\n    }\n}\n'
}

call() { # core, piece
  printf '        %s___nba_sequent%s%s__KET____DOT__u_core__%s((&vlSymsp->TOP%s%s__u_core));\n' \
    $class $path "$1" "$2" "$path" "$1"
}

model() { # the statements of core 1's two pieces
  {
    piece 0 0 'int __Vfunc_f__1__out = 0; __Vtableidx1 = __Vfunc_g__2__out;'
    piece 0 1 'vlSelf->x = vlSelf->__Vfunc_f__1__out;'
    piece 1 0 "$1"
    piece 1 1 "$2"
  } > "$work/core.cpp"
  for core in 0 1; do call $core 0; call $core 1; done > "$work/root.cpp"
  printf 'void %s___nba_sequent%s1__KET____DOT__u_core__0(%s* vlSelf);\n' $class $path $class \
    >> "$work/root.cpp"
}

expect() { # what, answer of merge.awk
  got=$(cd "$work" && rm -f ./*.new && awk -f "$OLDPWD/tb/share/merge.awk" core.cpp root.cpp)
  [ "$got" = "$2" ] || { echo "$1: merge.awk says '$got', not '$2'" >&2; exit 1; }
}

same() { # what, file, lines: the lines of the file's new form that have a word
  count=$(grep -c -- "$4" "$work/$2.new" || true)
  [ "$count" = "$3" ] || { echo "$1: $count lines of $2 have $4, not $3" >&2; exit 1; }
}

model 'int __Vfunc_f__7__out = 0; __Vtableidx4 = __Vfunc_g__9__out;' \
  'vlSelf->x = vlSelf->__Vfunc_f__7__out;'
expect "renumbered" "1 1"
same "renumbered" core.cpp 0 'BRA__1__'
same "renumbered" core.cpp 0 'vlSymsp->\|VL_LIKELY\|gen_core\['
same "renumbered" core.cpp 2 'vlSelf->name()'
same "renumbered" core.cpp 2 'VL_UNLIKELY'
same "renumbered" root.cpp 4 'BRA__0__KET____DOT__u_core__[01](('
same "renumbered" root.cpp 2 'TOP.*BRA__1__u_core'
[ "$(sed -n 's/.*u_core__\([01]\)((.*BRA__\([01]\).*/\1\2/p' "$work/root.cpp.new" | tr '\n' ' ')" \
  = "00 01 10 11 " ] || { echo "the calls are not in the order of the code" >&2; exit 1; }

model 'int __Vfunc_f__7__out = 0; __Vtableidx4 = __Vfunc_g__7__out;' \
  'vlSelf->x = vlSelf->__Vfunc_f__7__out;'
expect "one number for two temporaries" "0 1"
same "one number for two temporaries" core.cpp 2 'BRA__1__'

model 'int __Vfunc_f__7__out = 0; __Vtableidx4 = __Vfunc_g__9__out;' \
  'vlSelf->x = vlSelf->__Vfunc_f__9__out;'
expect "another temporary in another piece" "0 1"

model 'int __Vfunc_f__7__out = 1; __Vtableidx4 = __Vfunc_g__9__out;' \
  'vlSelf->x = vlSelf->__Vfunc_f__7__out;'
expect "another statement" "0 1"
same "another statement" root.cpp 2 'BRA__1__KET____DOT__u_core__[01](('
echo "merge.awk merges what is equal, and nothing else"
