#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# doctor.sh: what sw/tools/doctor.sh and verilator.sh make of tools that print odd versions, none,
# fail or are not there; with a list of packages and tools of its own.
set -u
cd "$(dirname "$0")/../.." || exit 1

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/tools" "$work/bin" "$work/root" "$work/root/include"
cp sw/tools/doctor.sh sw/tools/verilator.sh "$work/tools"
PATH=$work/bin:$PATH
unset VERILATOR
failed=0
count=0
seed=none # nothing here is drawn
echo "seed $seed"

fail() {
  echo "doctor: $*" >&2
  failed=1
}

tool() { # name, what it prints, its status
  {
    echo '#!/bin/sh'
    echo "[ \"\$1\" = --getenv ] && { echo $work/root; exit 0; }"
    printf "cat <<'END'\n%s\nEND\nexit %s\n" "$2" "${3:-0}"
  } >"$work/bin/$1"
  chmod +x "$work/bin/$1"
}

# --- Verilator ---
reads() { # version, plain, what `verilator --version` prints, its status
  count=$((count + 1))
  tool verilator "$3" "${4:-0}"
  got=$(sh "$work/tools/verilator.sh" version) || fail "verilator.sh fails for: $3"
  [ "$got" = "$1" ] || fail "version '$got', not '$1', of: $3"
  got=$(sh "$work/tools/verilator.sh" plain)
  [ "$got" = "$2" ] || fail "plain is '$got', not '$2', for: $3"
}

reads 5.006 0 'Verilator 5.006 2023-01-22 rev (Debian 5.006-3)'
reads 5.006 0 'Debian 5.006-3'
reads 5.006 0 ' rev (Debian 5.006-3)'
reads 5.048 1 'Verilator 5.048 2026-04-26 rev UNKNOWN.REV'
reads 5.049 1 'Verilator 5.049 devel rev v5.048-12-g1234567'
reads 5.048 1 'Verilator rev v5.048-12-g1234567'
reads 5.049 1 'Verilator 5.49 2026-05-16 rev vUNKNOWN-built20260516'
reads 5.006 0 'Verilator 5.006.1 2023-01-22'
reads 4.038 1 'Verilator 4.038 2020-07-11 rev v4.036-114-g0cd4a57ad'
reads 5.020 1 'perl: warning: Setting locale failed.
Verilator 5.020 2024-01-01 rev (Debian 5.020-1)'
for text in '' ' rev vUNKNOWN-built20260516-4e853d8' 'rev UNKNOWN' 'built 2026-05-16 12.30'; do
  rm -f "$work/root/include/verilated_config.h"
  reads unknown 1 "$text"
  echo '#define VERILATOR_VERSION "5.49"' >"$work/root/include/verilated_config.h"
  reads 5.049 1 "$text"
  echo '#define VERILATOR_VERSION "5.006 2023-01-22"' >"$work/root/include/verilated_config.h"
  reads 5.006 0 "$text"
done
rm -f "$work/root/include/verilated_config.h"
reads unknown 1 '' 1
rm "$work/bin/verilator"
got=$(VERILATOR=$work/nowhere sh "$work/tools/verilator.sh" version)
[ "$got" = unknown ] || fail "version '$got' of a Verilator that is not there"

# --- any tool, as `make doctor` sees it ---
# One row of the report: state, what was found; and what it says to do, if anything.
finds() { # state, found, least..most, what the tool prints, its status
  count=$((count + 1))
  tool sometool "$4" "${5:-0}"
  echo "demo somepackage cmd:sometool $3 does something" >"$work/tools/packages.txt"
  sh "$work/tools/doctor.sh" report >"$work/out" 2>"$work/err"
  status=$?
  got=$(sed -n '1s/^\([^ ]*\) *demo *somepackage *\([^ ]*\) .*/\1 \2/p' "$work/out")
  [ "$got" = "$1 $2" ] || fail "'$got', not '$1 $2', of: $4"
  [ ! -s "$work/err" ] || fail "says $(cat "$work/err")"
  case $1 in MISSING) wanted=1 ;; *) wanted=0 ;; esac
  [ $status -eq $wanted ] || fail "exit $status, not $wanted, of: $4"
}

says() { # the line behind the report
  got=$(sed 1d "$work/out")
  [ "$got" = "$1" ] || fail "says '$got', not '$1'"
  sh "$work/tools/doctor.sh" check demo >"$work/out" 2>"$work/err" && fail "check holds: $1"
  [ "$(head -n 1 "$work/err")" = "$1" ] || fail "check says $(cat "$work/err")"
}

finds ok 12.2.0 10..12 'gcc (Debian 12.2.0-14+deb12u1) 12.2.0'
finds ok 11.2.0 10..12 'gcc (crosstool-NG 1.25.0.28_1d1b4d6) 11.2.0'
finds ok 12.4.0 10..12 'x86_64-conda-linux-gnu-gcc (conda-forge gcc 12.4.0-0) 12.4.0'
finds untried 13.3.0 10..12 'gcc (Ubuntu 13.3.0-6ubuntu2~24.04) 13.3.0'
finds untried 15 10..12 'somecc version 15'
finds ok 12 10..12 'v12'
finds ok 4.8.12 4.8..4.8 'Z3 version 4.8.12 - 64 bit'
finds untried 4.13 4.8..4.8 'Z3 version 4.13 - 64 bit'
finds ok 0.23 0.23 'Yosys 0.23 (git sha1 7ce5011c24b)'
finds ok 0.38 0.23 'Yosys 0.38+92 (git sha1 7ce5011c24b)'
finds ok 14.0.6 14 'Debian clang version 14.0.6
Target: x86_64-pc-linux-gnu'
finds ok 3.1 2..4 'sometool (3.1)'
finds untried unknown 10..12 ''
finds untried unknown 10..12 'sometool of 2026-05-16'
finds ok unknown 10 ''
finds ok there - '' 1
get='(does something): apt-get install somepackage'
finds MISSING 9.4.0 10..12 'gcc (Ubuntu 9.4.0-1ubuntu1~20.04.1) 9.4.0'
says "somepackage 9.4.0 is older than 10 $get"
finds MISSING - 10..12 'sometool: error while loading shared libraries' 127
says "somepackage is there but fails when asked for its version $get"
rm "$work/bin/sometool"
sh "$work/tools/doctor.sh" report >"$work/out" 2>&1 && fail "holds without the tool"
says "somepackage 10 or newer is missing $get"
echo "demo somepackage thing:sometool - does something" >"$work/tools/packages.txt"
sh "$work/tools/doctor.sh" check demo 2>/dev/null && fail "a row that says no way to see it holds"

# --- the Verilator that VERILATOR names ---
echo "demo verilator cmd:verilator 5.006..5.049 compiles the RTL" >"$work/tools/packages.txt"
named() { # sentence, or nothing when all is well
  count=$((count + 1))
  VERILATOR=$work/bin/named sh "$work/tools/doctor.sh" check demo >"$work/out" 2>&1
  got=$(head -n 1 "$work/out")
  [ "$got" = "$1" ] || fail "says '$got', not '$1'"
}
without="(compiles the RTL): VERILATOR names it, or without: apt-get install verilator"
named "$work/bin/named 5.006 or newer is missing $without"
tool named 'Verilator 4.038 2020-07-11'
named "$work/bin/named 4.038 is older than 5.006 $without"
tool named '' 2
named "$work/bin/named is there but fails when asked for its version $without"
tool named ' rev vUNKNOWN-built20260516-4e853d8'
named ''
tool named 'Verilator 5.050 2026-07-01'
named ''
VERILATOR=$work/bin/named sh "$work/tools/doctor.sh" report | grep -q '^untried .* 5\.050 ' ||
  fail "5.050 is not said to be untried"

# --- the list itself ---
awk '/^#/ || NF == 0 { next }
  NF < 5 || $3 !~ /^(cmd|hdr|cxx|py|fst):./ || $4 !~ /^(-|[0-9.]*[0-9](\.\.[0-9][0-9.]*)?)$/ {
    print "packages.txt: " $0; bad = 1 }
  END { exit bad || NR < 20 }' sw/tools/packages.txt >&2 || fail "sw/tools/packages.txt"
[ "$failed" -eq 0 ] && echo "doctor: $count tools of odd versions are seen as they are"
exit "$failed"
