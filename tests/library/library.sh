#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# library.sh: installs libtrine into a folder of its own, and looks at it from outside the tree:
# what it shows, that every public header stands alone in C11 and C++17, that programs in C and
# C++, shared and static, built by pkg-config find the library and its chips, and that uninstall
# leaves nothing.
set -u
cd "$(dirname "$0")/../.." || exit 1
top=$PWD
work=$(mktemp -d "${TMPDIR:-/tmp}/trine-library.XXXXXX") || exit 1
trap 'rm -rf "$work"' EXIT
failed=0
fail() { echo "library: $*"; failed=1; }
same() { # what, wanted, got: files that have to be the same
  diff "$2" "$3" >"$work/difference" || { fail "$1"; head -n 5 "$work/difference"; }
}
# Only TRINE_LIB_DIR could make programs find chips that are not installed.
unset TRINE_LIB_DIR

# Staged: what is compiled in (/nowhere) is not where it lies.
stage=$work/stage
at=$stage/nowhere/trine
install() { # target, variables
  make -s "$@" >"$work/make" 2>&1 || { cat "$work/make"; fail "make $*"; exit 1; }
}
install install DESTDIR="$stage" PREFIX=/nowhere/trine
for file in bin/trine lib/libtrine.a lib/libtrine.so lib/pkgconfig/trine.pc \
  lib/trine/libtrine_sim_duo.so include/trine/trine.h include/trine/session/session.h; do
  [ -e "$at/$file" ] || fail "$file is not installed"
done

# What it shows: the functions of its headers and the name of its version, and no others.
sort sw/library/exports.txt >"$work/wanted"
grep -v '^trine_' "$work/wanted" && fail "a name of the interface does not begin with trine_"
sh sw/library/exports.sh "$at/include" | sort >"$work/declared"
same "make library-exports: headers declare other functions than sw/library/exports.txt has" \
  "$work/wanted" "$work/declared"
nm -D --defined-only "$at/lib/libtrine.so" | awk '$2 != "A" { print $3 }' | sed 's/@.*//' |
  sort >"$work/shown"
same "libtrine.so shows other names than sw/library/exports.txt has" "$work/wanted" "$work/shown"
# `u`: statics of C++ templates, one in a process whoever has them.
nm -g --defined-only "$at/lib/libtrine.a" | awk 'NF == 3 && $2 != "u" { print $3 }' |
  sort >"$work/static"
same "libtrine.a shows other names than sw/library/exports.txt has" "$work/wanted" "$work/static"
version=$(sed -n 's/.*TRINE_VERSION_TEXT "\([0-9.]*\)".*/\1/p' driver/trine_version.h)
numbers=$(sed -n 's/^#define TRINE_VERSION_[A-Z]* \([0-9]*\) .*/\1/p' driver/trine_version.h |
  paste -sd .)
[ "$numbers" = "$version" ] || fail "the version is $numbers in numbers and $version as text"
readelf -d "$at/lib/libtrine.so" | grep -q "soname: \[libtrine.so.${version%%.*}\]" ||
  fail "the soname is not libtrine.so.${version%%.*}"

# Every header alone, then all in one.
cd "$work" || exit 1
: >"$at/include/trine/all.h"
sed -e '/^#/d' -e 's/ .*//' "$top/sw/library/headers.txt" | while read -r header; do
  echo "#include <trine/$header>" | tee -a "$at/include/trine/all.h" >alone.c
  cp alone.c alone.cpp
  gcc -std=c11 -Wall -Wextra -Wpedantic -Werror -fsyntax-only -I"$at/include" alone.c &&
    g++ -std=c++17 -Wall -Wextra -Wpedantic -Werror -fsyntax-only -I"$at/include" alone.cpp ||
    echo "$header"
done >headers 2>&1
[ ! -s headers ] || { cat headers; fail "headers that do not stand alone"; }

# Programs outside of the tree. The static ones have the library in them.
use() { # pkg-config's answer for these arguments, of the staged or the other library
  PKG_CONFIG_PATH=$at/lib/pkgconfig PKG_CONFIG_SYSROOT_DIR=$sysroot pkg-config "$@" trine
}
build() { # c or cpp or README's, name, static or nothing
  case $1 in
    c) compiler='gcc -std=c11' source=$top/sw/examples/first.c ;;
    *) compiler='g++ -std=c++17' source=$top/tests/library/use.cpp ;;
  esac
  if [ -n "${3-}" ]; then
    # shellcheck disable=SC2046
    $compiler -Wall -Werror $(use --cflags) -o "$2" "$source" \
      -Wl,-Bstatic $(use --libs) -Wl,-Bdynamic $(use --static --libs | sed 's/-ltrine//')
  else
    # shellcheck disable=SC2046
    $compiler -Wall -Werror $(use --cflags) -o "$2" "$source" $(use --libs)
  fi || fail "$2 is not built"
}
vad="$top/tests/models/vad.tflite $top/tests/models/vad_xq.npy sim:duo"
runs() { # program and its words: what it prints has to be what stands in `wanted`
  wanted=$1
  shift
  "$@" >out 2>err && grep -q "$wanted" out || { cat out err; fail "$* did not say '$wanted'"; }
}
sysroot=$stage
[ "$(use --modversion)" = "$version" ] || fail "pkg-config says $(use --modversion), not $version"
build c first
build cpp use
build cpp use-static static
# Each function of the library, by its address in C++: one that is not declared for C is not found.
{
  echo '#include <trine/all.h>'
  echo 'void (*const names[])() = {'
  sed 's/.*/    reinterpret_cast<void (*)()>(\&&),/' "$top/sw/library/exports.txt"
  echo '};'
  echo 'int main() { return names[0] == nullptr; }'
} >names.cpp
# shellcheck disable=SC2046
g++ -std=c++17 $(use --cflags) -o names names.cpp $(use --libs) 2>err || { cat err; fail "names"; }
export LD_LIBRARY_PATH="$at/lib"
# shellcheck disable=SC2086
runs "$version: .* exact" ./use $vad
(cd "$top" && "$work/first") >out 2>err || { cat err; fail "first"; }
(cd "$top" && build/example) >out.tree 2>&1
same "the README's program says something else outside of the tree" out.tree out
runs exact "$at/bin/trine" run "$top/tests/models/vad.tflite" --config duo \
  --input "$top/tests/models/vad_xq.npy" --check
unset LD_LIBRARY_PATH
readelf -d use-static | grep -q 'libtrine' && fail "the static program needs libtrine.so"
# It is beside no chip, and what is compiled in is not there.
# shellcheck disable=SC2086
./use-static $vad >out 2>err && fail "a chip is found where none is"
for folder in "$work" "${work%/*}/lib/trine" /nowhere/trine/lib/trine; do
  grep -q "no libtrine_sim_duo.so in .*$folder" err || { cat err; fail "it does not name $folder"; }
done
# shellcheck disable=SC2086
TRINE_LIB_DIR=$at/lib/trine runs "$version: .* exact" ./use-static $vad

cd "$top" || exit 1
rm -f "$at/include/trine/all.h"
install uninstall DESTDIR="$stage" PREFIX=/nowhere/trine
[ -z "$(find "$stage" ! -type d)" ] || { find "$stage" ! -type d; fail "uninstall leaves files"; }

# In its place: a static program finds the chips where the library was made for.
at=$work/real
sysroot=
install install PREFIX="$at"
cd "$work" || exit 1
build c first-static static
(cd "$top" && "$work/first-static") >out 2>err || { cat err; fail "first-static"; }
same "the static program says something else" out.tree out

[ "$failed" -eq 0 ] && echo "library: $(wc -l <wanted) functions in $(grep -c '^[a-z]' \
  "$top/sw/library/headers.txt") headers, programs in C and C++, shared and static: exact"
exit "$failed"
