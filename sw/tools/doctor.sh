#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# doctor.sh: see which tools are there, and install those that are missing (sw/tools/packages.txt).
#
#   doctor.sh report             one line a tool of every set; fails when demo or test lacks one;
#                                `untried`: newer than any that the tests have run with, or of a
#                                version that cannot be read
#   doctor.sh check SET ...      silent when all of the sets are there, else one line each missing
#   doctor.sh install SET ...    install what the sets miss with apt (root or sudo); no network when
#                                nothing is missing; one line for each that could not be installed
set -eu

list=$(dirname "$0")/packages.txt
action=${1:?action}
verilator=${VERILATOR:-verilator}
shift

at_least() { # version least..most: true when version is not older than the first
  [ "$2" = - ] || [ "$1" = unknown ] && return 0
  [ "$(printf '%s\n%s\n' "${2%%..*}" "$1" | sort -V | head -n 1)" = "${2%%..*}" ]
}

tried() { # version least..most: true when version is not newer than the last, if there is one
  case $2 in *..*) ;; *) return 0 ;; esac
  [ "$1" != unknown ] || return 1
  # 12.2.0 is tried where 12 is: as many parts as the last has.
  dots=$(printf '%s' "${2##*..}" | tr -cd .)
  part=$(printf '%s\n' "$1" | cut -d . -f "1-$((${#dots} + 1))")
  [ "$(printf '%s\n%s\n' "${2##*..}" "$part" | sort -V | tail -n 1)" = "${2##*..}" ]
}

# The first thing in its --version (or -V) output that looks like a version, or `unknown`; fails
# when the command does neither. Packagers write their own versions in brackets, before the tool's.
version_of() { # command
  said=$("$1" --version 2>/dev/null </dev/null) ||
    said=$("$1" -V 2>/dev/null </dev/null) || return 1
  bare=$(printf '%s\n' "$said" | sed 's/([^()]*)//g')
  for form in '[0-9]+(\.[0-9]+)+' '(^|[ v])[0-9]+( |$)'; do
    for text in "$bare" "$said"; do
      number=$(printf '%s\n' "$text" | grep -oE "$form" | head -n 1 | tr -d ' v')
      [ -z "$number" ] || { echo "$number"; return 0; }
    done
  done
  echo unknown
}

has_header() { # compiler file language
  command -v "$1" >/dev/null 2>&1 &&
    printf '#include <%s>\n' "$2" | "$1" -E -x "$3" - >/dev/null 2>&1
}

probe() { # how least: sets found to a text, and fails with `why`: missing, broken or old
  why=missing
  found=
  case $1 in
    cmd:verilator) # VERILATOR may name another
      command -v "$verilator" >/dev/null 2>&1 || return 1
      "$verilator" --version >/dev/null 2>&1 </dev/null || { why=broken; return 1; }
      found=$(sh "$(dirname "$0")/verilator.sh" version)
      at_least "$found" "$2" || { why=old; return 1; }
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
      command -v "${1#cmd:}" >/dev/null 2>&1 || return 1
      [ "$2" = - ] && { found=there; return 0; }
      found=$(version_of "${1#cmd:}") || { why=broken; return 1; }
      at_least "$found" "$2" || { why=old; return 1; }
      ;;
    hdr:*) has_header gcc "${1#hdr:}" c && found="there" ;;
    cxx:*) has_header g++ "${1#cxx:}" c++ && found="there" ;;
    *) return 1 ;;
  esac
}

entries() { # sets: their rows, comments left out
  for set in "$@"; do
    awk -v set="$set" '$1 == set' "$list"
  done
}

missing() { # sets: the packages that are missing, one a line
  entries "$@" | while read -r _ package how least _; do
    probe "$how" "$least" || echo "$package"
  done | awk '!seen[$0]++'
}

explain() { # sets, their missing packages on stdin: one line each, of the first row that it fails
  while read -r package; do
    entries "$@" | awk -v p="$package" '$2 == p' | while read -r _ _ how least purpose; do
      probe "$how" "$least" && continue
      tool=$package
      other=
      [ "$how" = cmd:verilator ] && tool=$verilator
      [ "$tool" = "$package" ] || other='VERILATOR names it, or without: '
      least=${least%%..*}
      old="is older than $least"
      broken='is there but fails when asked for its version'
      case $why in
        old) echo "$tool $found $old ($purpose): ${other}apt-get install $package" ;;
        broken) echo "$tool $broken ($purpose): ${other}apt-get install $package" ;;
        *)
          [ "$least" = - ] && least= || least=" $least or newer"
          echo "$tool$least is missing ($purpose): ${other}apt-get install $package"
          ;;
      esac
      break
    done
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
    echo "$lacking" | explain "$@" >&2
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
  echo "$lacking" | explain "$@" >&2
  return 1
}

report() {
  all='demo test wave shots python portability fuzz readme flash'
  for set in $all; do
    entries "$set" | while read -r _ package how least purpose; do
      state=ok
      probe "$how" "$least" || state=MISSING
      [ "$state" = MISSING ] || tried "$found" "$least" || state=untried
      [ "$least" = - ] && least=any
      printf '%-7s %-11s %-21s %-9s (needs %s) %s\n' "$state" "$set" "$package" "${found:--}" \
        "$least" "$purpose"
    done
  done
  # shellcheck disable=SC2086
  lacking=$(missing $all)
  # shellcheck disable=SC2086
  [ -z "$lacking" ] || echo "$lacking" | explain $all
  [ -z "$(missing demo test)" ]
}

case $action in
  report) report ;;
  check)
    lacking=$(missing "$@")
    [ -z "$lacking" ] && exit 0
    echo "$lacking" | explain "$@" >&2
    case " $* " in
      *' demo '* | *' test '*) echo "make setup installs what is missing." >&2 ;;
    esac
    exit 1
    ;;
  install) install "$@" ;;
  *) echo "doctor.sh: unknown action '$action'" >&2; exit 2 ;;
esac
