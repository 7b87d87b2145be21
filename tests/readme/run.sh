#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# run.sh: do what the README says, in a bare Debian with a fresh clone of HEAD, and compare.
#
#   run.sh [FILE]           in a chroot that debootstrap makes (needs root, and the network)
#   run.sh --here [FILE]    in a fresh clone below build/readme, without a chroot
#
# The commands are those of FILE's ```console blocks (README.md of HEAD unless named), one after
# another, each in the top folder of the clone; each must end with 0 and print what is shown below
# it (compare.awk has the rules). The Debian mirror and suite are the machine's own.
set -eu
cd "$(dirname "$0")/../.."

top=$PWD
work=$top/build/readme
place=chroot
[ "${1:-}" = --here ] && { place=here; shift; }
document=${1:-}
steps=$work/steps

mirror() { # the first archive of the machine's own list
  for list in /etc/apt/sources.list /etc/apt/sources.list.d/*.list \
    /etc/apt/sources.list.d/*.sources; do
    [ -f "$list" ] || continue
    case $list in
      *.sources)
        awk -v suite="$suite" '/^URIs:/ { uri = $2 }
          /^Suites:/ && index($0 " ", " " suite " ") { print uri }' "$list"
        ;;
      *)
        awk -v suite="$suite" '$1 == "deb" {
          for (i = 2; i < NF; i++) if ($(i + 1) == suite) print $i }' "$list"
        ;;
    esac
  done | head -n 1
}

make_base() { # a bare system with make and git, kept as an archive for the next time
  [ ! -f "$work/base.tar" ] || return 0
  suite=$(. /etc/os-release && echo "${VERSION_CODENAME:-}")
  from=$(mirror)
  if [ -z "$from" ]; then
    echo "There is no Debian archive of suite '$suite' in the machine's list of sources." >&2
    exit 1
  fi
  echo "making a bare Debian $suite"
  if ! debootstrap --variant=minbase --include=make,git "$suite" "$root" "$from" \
    >"$work/debootstrap.log" 2>&1; then
    tail -n 5 "$work/debootstrap.log" >&2
    exit 1
  fi
  tar -C "$root" --one-file-system -cf "$work/base.tar.tmp" .
  mv "$work/base.tar.tmp" "$work/base.tar"
}

leave() {
  umount "$root/dev/pts" 2>/dev/null || true
  umount "$root/proc" 2>/dev/null || true
}

enter_chroot() {
  if [ "$(id -u)" != 0 ]; then
    echo "A chroot needs root: run make readme-test as root, or tests/readme/run.sh --here." >&2
    exit 1
  fi
  sh sw/tools/doctor.sh check readme
  root=$work/root
  leave
  rm -rf --one-file-system "$root"
  mkdir -p "$root"
  make_base
  [ -d "$root/bin" ] || tar -C "$root" -xf "$work/base.tar"
  trap leave EXIT
  mount -t proc proc "$root/proc" 2>/dev/null || echo "no /proc in the chroot"
  mkdir -p "$root/dev/pts"
  mount -t devpts -o newinstance,ptmxmode=0666 devpts "$root/dev/pts" 2>/dev/null ||
    echo "no pseudo-terminals in the chroot"
  ln -sf pts/ptmx "$root/dev/ptmx"
  cp /etc/resolv.conf /etc/hosts "$root/etc/"
  clone=$root/root/trine
}

run_step() { # script of the command, from the clone
  if [ "$place" = chroot ]; then
    env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root TERM=dumb LC_ALL=C.UTF-8 \
      chroot "$root" sh -c 'cd /root/trine && sh /root/step'
  else
    (cd "$clone" && sh "$1")
  fi
}

unset MAKEFLAGS MFLAGS MAKELEVEL
mkdir -p "$work"
if [ "$place" = chroot ]; then
  enter_chroot
else
  clone=$work/clone
  rm -rf "$clone"
fi
git clone -q --no-local "$top" "$clone"
rm -rf "$steps"
mkdir -p "$steps"
awk -v out="$steps" -f tests/readme/extract.awk "${document:-$clone/README.md}"

count=0
failed=0
for want in "$steps"/*.want; do
  [ -f "$want" ] || continue
  step=${want%.want}
  count=$((count + 1))
  start=$(date +%s)
  [ "$place" = here ] || cp "$step.cmd" "$root/root/step"
  verdict=ok
  run_step "$step.cmd" >"$step.got" 2>&1 </dev/null || verdict="exit $?"
  if [ "$verdict" = ok ]; then
    awk -f tests/readme/compare.awk "$want" "$step.got" >"$step.why" || verdict=differs
  else
    tail -n 10 "$step.got" | sed 's/^/  /' >"$step.why"
  fi
  printf '%-8s %5d s  %s\n' "$verdict" $(($(date +%s) - start)) "$(head -n 1 "$step.cmd")"
  [ "$verdict" = ok ] || { cat "$step.why"; failed=$((failed + 1)); }
done
echo "$count commands of the README, $failed do not do what it says"
[ $count -gt 0 ] && [ $failed -eq 0 ]
