#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# barriers.sh: memory and registers keep their order in driver/backend_direct.c, as compiled.
#
#   barriers.sh            each compiler there is: gcc here and for rv32, clang for Arm and RISC-V
#   barriers.sh selftest   without either barrier, or with one that is moved, it must fail
#
# trine_direct_store has to be a fence and then its store; trine_direct_load its load and then a
# fence; no other function may touch a register but through them.
set -eu
cd "$(dirname "$0")/../.."

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# What a function of an assembly listing does, as letters in their order: L a load, S a store, F a
# fence; operations on the stack are left out.
order_in() { # listing function loads stores fences stack
  awk -v want="$2:" -v loads="^($3)$" -v stores="^($4)$" -v fences="^($5)$" -v stack="$6" '
    /^[A-Za-z_][A-Za-z_0-9]*:/ { inside = ($1 == want); next }
    !inside || /^[ \t]*[.#]/ || index($0, stack) { next }
    {
      if ($1 ~ fences) printf "F"
      else if ($1 ~ stores) printf "S"
      else if ($1 ~ loads) printf "L"
    }' "$1"
}

# What has to be in which order.
rows='trine_direct_store=FS trine_direct_load=LF'

judge() { # name source loads stores fences stack compiler ...
  name=$1 source=$2 loads=$3 stores=$4 fences=$5 stack=$6
  shift 6
  for level in -Os -O2 -O3; do
    "$@" $level -std=c11 -ffreestanding -Idriver -S -o "$work/listing.s" "$source" ||
      { echo "$name: does not compile"; return 1; }
    for row in $rows; do
      got=$(order_in "$work/listing.s" "${row%=*}" "$loads" "$stores" "$fences" "$stack")
      [ "$got" = "${row#*=}" ] ||
        { echo "$name $level: order in ${row%=*} is $got, not ${row#*=}"; return 1; }
    done
  done
  done="$done $name"
}

all() { # source
  done=
  if grep -n 'registers\[' "$1" | grep -vE 'trine_direct_(load|store)\(&'; then
    echo "a register is touched without trine_direct_load and trine_direct_store"
    return 1
  fi
  if [ "$(uname -m)" = x86_64 ]; then
    judge x86-64 "$1" load store mfence '(%rsp)' sh "$work/x86.sh" || return 1
  fi
  judge rv32 "$1" 'l[wd]' 's[wd]' fence '(sp)' riscv64-unknown-elf-gcc -march=rv32imac \
    -mabi=ilp32 --specs=picolibc.specs || return 1
  judge rv64 "$1" 'l[wd]' 's[wd]' fence '(sp)' riscv64-unknown-elf-gcc -march=rv64imac \
    -mabi=lp64 --specs=picolibc.specs || return 1
  if command -v clang >/dev/null 2>&1; then
    judge aarch64 "$1" 'ldr|ldp' 'str|stp' dsb '[sp' clang --target=aarch64-none-elf \
      -I"$work/libc" || return 1
    judge armv7 "$1" 'ldr|ldrd' 'str|strd' dsb '[sp' clang --target=armv7a-none-eabi \
      -I"$work/libc" || return 1
    judge clang-rv64 "$1" 'l[wd]' 's[wd]' fence '(sp)' clang --target=riscv64 -march=rv64imac \
      -I"$work/libc" || return 1
  else
    done="$done; not looked at without clang: aarch64, armv7"
  fi
}

# gcc for this machine, whose loads and stores are one word: told apart by where the target is.
cat >"$work/x86.sh" <<'END'
out=$(printf '%s\n' "$@" | sed -n '/^-o$/{n;p;}')
gcc "$@" &&
  sed -i -E 's/^\tlock or[lq]\t.*/\tmfence/
    s/^\tmov[lq]\t[%$][a-z0-9]+, [-0-9]*\(/\tstore\t(/
    s/^\t[a-z]+\t[-0-9]*\(%[a-z0-9]+\), %/\tload\t(/' "$out"
END
# A C library for compilers that have none for their target.
mkdir "$work/libc"
echo '#include <stddef.h>
void *memcpy(void *, const void *, size_t);' >"$work/libc/string.h"

refuses() { # a sed script that makes the fault, and what is said
  sed "$1" driver/backend_direct.c >"$work/faulty.c"
  cmp -s driver/backend_direct.c "$work/faulty.c" && { echo "no such words: $1"; failed=1; }
  if all "$work/faulty.c" >"$work/said" || ! grep -q "$2" "$work/said"; then
    echo "not seen: $1: $(cat "$work/said")"
    failed=1
  fi
}

selftest() {
  failed=0
  refuses '/the end of a run before its rows/d' 'order in trine_direct_load'
  refuses '/the program before its START/d' 'order in trine_direct_store'
  refuses '/the program before its START/{h;d;}; /^  \*reg = value;/{G;}' 'trine_direct_store is SF'
  refuses 's/  const uint32_t value = \*reg;/  barrier();&/; /the end of a run before its rows/d' \
    'trine_direct_load is FL'
  refuses 's/trine_direct_store(&\(direct->registers\[.*\]\), value)/\1 = value/' \
    'is touched without'
  refuses 's/"fence iorw, iorw"/"nop"/' 'rv32 -Os: order in trine_direct_store'
  [ $failed = 0 ] && echo 'barriers: every fault is seen'
  return $failed
}

case ${1-} in
  selftest) selftest ;;
  *) all driver/backend_direct.c && echo "barriers stand where they must:$done" ;;
esac
