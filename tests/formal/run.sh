#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# run.sh: proves the configurations of tests/formal/*.cfg (or those named) with yosys-smtbmc and z3.
#
# A .cfg holds lines `key: value`, `#` starts a comment:
#   top: MODULE             read: FILES (from the top folder; include folder rtl/common), options
#                           of read_verilog before them
#   plain: FILES            read as for synthesis, without the properties in them
#   param: NAME=VALUE ...   (any number of lines) parameters of top
#   variant: NAME=VALUE ... (any number) one proof a line, on top of param
#   deep: NAME=VALUE ...    a variant that only `run.sh -d` proves
#   after: COMMANDS         yosys commands on the flat design, memories being registers by then
#   from: CFG               takes all of the above from that file, and the model of that variant,
#                           which is made once, by whoever wants it first
#   then: COMMANDS          yosys commands that are this file's own, behind `after`
#   task: prove K | bmc K | cover K    (any number; K is the induction depth or the bound)
#   task: sat K | smt K     bmc after yosys-abc merged the registers that are always equal:
#                           sat by abc itself (much deeper), smt by yosys-smtbmc and z3
#   task: always T          the same merging, then property-directed reachability for T s: holds
#                           for any number of cycles
#   task: settle K          bmc by abc for K cycles from every state that satisfies the assumptions
#                           (registers without an initial value start with any)
#   expect: fail            a counterexample is wanted: a broken rule, or a situation to be reached
# prove holds for any number of cycles; cover fails unless every cover is reached within K.
# `run.sh -n` expects each task to fail (the proofs of broken blocks). As many proofs run at a time
# as there are processors (TRINE_TEST_JOBS). Run from the top folder.
set -u

build=${TRINE_BUILD:-build}/formal
jobs=${TRINE_TEST_JOBS:-$(nproc 2>/dev/null || echo 1)}
expect=0
deep=
[ "${1:-}" = -n ] && { expect=1; shift; }
[ "${1:-}" = -d ] && { deep=deep; shift; }
# The longest first, so that no processor waits for the other at the end.
[ $# -gt 0 ] || set -- $(grep -lE '^task: (always|settle) ' tests/formal/*.cfg) \
  $(grep -LE '^task: (always|settle) ' tests/formal/*.cfg)
mkdir -p "$build"
failed=0

value() { # FILE KEY: the values of a key, one line each
  sed -n -e 's/[[:space:]]*#.*//' -e "s/^$2:[[:space:]]*//p" "$1"
}

flat() { # CFG NAME PARAMS: writes NAME.flat.il
  top=$(value "$1" top)
  plain=$(value "$1" plain | tr '\n' ' ')
  # Yosys keeps macros from one read to the next: without this, assertions would stay nothing.
  undefine='verilog_defines -UTRINE_ASSERT_SVH -UTRINE_ASSERT -UTRINE_CHECK_PARAM'
  sets=
  for p in $3; do sets="$sets -set ${p%%=*} ${p#*=}"; done
  yosys -q -l "$2.yosys.log" -p "${plain:+read_verilog -sv -Irtl/common $plain; $undefine;}
    read_verilog -sv -formal -Irtl/common $(value "$1" read | tr '\n' ' ')
    ${sets:+chparam $sets $top}
    prep -top $top; async2sync; flatten; opt_clean; memory_map; dffunmap
    $(value "$1" after)
    opt_clean; write_ilang $2.flat.il" >"$2.yosys.out" 2>&1
}

# Whoever comes first makes it, the others wait.
flat_once() { # CFG NAME PARAMS
  mark=$build/taken/$(basename "$2")
  if mkdir "$mark.flat" 2>/dev/null; then
    flat "$@"
    echo $? >"$mark.new"
    mv "$mark.new" "$mark.made"
  fi
  while [ ! -f "$mark.made" ]; do sleep 1; done
  return "$(cat "$mark.made")"
}

model() { # CFG NAME BASE PARAMS: writes NAME.il, NAME.smt2; BASE is the file that has the design
  rm -f "$2.swept.aig"
  base=$build/$(named "$3" "$5")
  if ! flat_once "$3" "$base" "$4"; then
    cat "$base.yosys.out"
    return 1
  fi
  yosys -q -p "read_ilang $base.flat.il
    $(value "$1" then)
    opt_clean; stat; write_ilang $2.il
    write_smt2 -wires $2.smt2" >"$2.model.out" 2>&1 || { cat "$2.model.out"; return 1; }
}

swept() { # NAME: writes NAME.swept.aig: one output, 1 when an assertion fails
  [ -f "$1.swept.aig" ] && return 0
  yosys -q -p "read_ilang $1.il; chformal -cover -remove; opt_clean; techmap; opt -fast; dffunmap
    abc -g AND -fast; opt_clean; write_aiger -zinit $1.aig" &&
    yosys-abc -c "read_aiger $1.aig; fold; strash; scorr -C 20000; orpos; strash; \
      write_aiger $1.swept.aig"
}

sat() { # NAME DEPTH
  swept "$1" || return 2
  yosys-abc -c "read_aiger $1.swept.aig; bmc3 -F $2" >"$1.sat.out" 2>&1
  cat "$1.sat.out"
  grep -q 'was asserted in frame' "$1.sat.out" && return 1
  grep -q "No output asserted in $2 frames" "$1.sat.out" || return 2
}

always() { # NAME SECONDS
  swept "$1" || return 2
  yosys-abc -c "read_aiger $1.swept.aig; pdr -T $2" >"$1.always.out" 2>&1
  cat "$1.always.out"
  grep -q 'was asserted in frame' "$1.always.out" && return 1
  grep -q 'Property proved' "$1.always.out" || return 2
}

# Yosys samples a property a cycle late, in a register: what the first two frames say of it is void.
settle() { # NAME DEPTH
  yosys -q -p "read_ilang $1.il; techmap; opt -fast; dffunmap; abc -g AND -fast; opt_clean
    write_aiger $1.any.aig" || return 2
  yosys-abc -c "read_aiger $1.any.aig; logic; undc; strash; fold; strash; bmc3 -S 2 -F $2" \
    >"$1.settle.out" 2>&1
  cat "$1.settle.out"
  grep -q 'was asserted in frame' "$1.settle.out" && return 1
  grep -q 'No output asserted' "$1.settle.out" || return 2
}

smt() { # NAME DEPTH
  swept "$1" || return 2
  yosys -q -p "read_aiger -module_name swept -clk_name clk $1.swept.aig; hierarchy -top swept
    write_verilog -noattr $1.swept.v" || return 2
  output=$(sed -n 's/^ *output \([^;]*\);.*/\1/p' "$1.swept.v")
  sed -i "s/^endmodule/always @(posedge clk) assert (!$output); endmodule/" "$1.swept.v"
  yosys -q -p "read_verilog -sv -formal $1.swept.v; prep -top swept; async2sync; dffunmap
    setundef -init -zero; opt_clean; write_smt2 -wires $1.swept.smt2" || return 2
  yosys-smtbmc -s z3 -m swept -t "$2" "$1.swept.smt2"
}

prove() { # NAME TOP TASK DEPTH
  case $3 in
    prove)
      yosys-smtbmc -s z3 --presat -m "$2" -t "$4" "$1.smt2" &&
        yosys-smtbmc -s z3 -m "$2" -i -t "$4" "$1.smt2" ;;
    bmc) yosys-smtbmc -s z3 -m "$2" -t "$4" "$1.smt2" ;;
    cover) yosys-smtbmc -s z3 -m "$2" -c -t "$4" "$1.smt2" ;;
    sat) sat "$1" "$4" ;;
    smt) smt "$1" "$4" ;;
    always) always "$1" "$4" ;;
    settle) settle "$1" "$4" ;;
    *) echo "unknown task $3"; return 2 ;;
  esac
}

named() { # CFG VARIANT
  basename "$1" .cfg | tr -d '\n'
  printf '%s' "${2:+-$2}" | tr ' =' '--'
}

check() { # CFG VARIANT
  design=$(value "$1" from)
  design=${design:-$1}
  top=$(value "$design" top)
  name=$build/$(named "$1" "$2")
  want=$expect
  [ "$(value "$1" expect)" = fail ] && want=1
  if ! model "$1" "$name" "$design" "$(value "$design" param | tr '\n' ' ')$2" "$2"; then
    echo "  FAIL $name: yosys does not read it"
    failed=1
    return
  fi
  value "$1" task >"$name.tasks"
  if [ ! -s "$name.tasks" ]; then
    echo "  FAIL $1: it names no task, so nothing would be proved"
    failed=1
  fi
  while read -r task depth; do
    start=$(date +%s)
    prove "$name" "$top" "$task" "$depth" >"$name.$task.log" 2>&1 </dev/null
    result=$?
    [ "$result" -le 2 ] || result=1
    if [ "$result" -eq "$want" ]; then
      [ "$want" -eq 1 ] && how=", fails as it must" || how=
      echo "  ok   $(basename "$name") $task $depth$how, $(($(date +%s) - start)) s"
    else
      grep -aE 'sserted|Assert failed|Unreached|FAILED|unknown|Error|ERROR' "$name.$task.log" |
        head -n 10
      echo "  FAIL $(basename "$name") $task $depth: see $name.$task.log"
      failed=1
    fi
  done <"$name.tasks"
}

# One line a proof: file, parameters of the variant.
for cfg in "$@"; do
  { value "$cfg" variant; [ -z "$deep" ] || value "$cfg" deep; } | sed "s|^|$cfg |" \
    >"$build/proofs.of"
  [ -s "$build/proofs.of" ] || echo "$cfg" >"$build/proofs.of"
  cat "$build/proofs.of"
done >"$build/proofs"

# Whoever makes the folder of a line first proves it; each worker ends with whether all held.
prove_all() {
  while read -r cfg variant <&3; do
    mkdir "$build/taken/$(printf '%s' "$cfg $variant" | tr '/ ' '--')" 2>/dev/null || continue
    check "$cfg" "$variant"
  done 3<"$build/proofs"
  return $failed
}

rm -rf "$build/taken"
mkdir "$build/taken"
workers=
worker=1
while [ $worker -lt "$jobs" ]; do
  prove_all &
  workers="$workers $!"
  worker=$((worker + 1))
done
prove_all || failed=1
for worker in $workers; do wait "$worker" || failed=1; done
exit $failed
