#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# bits32.sh: a gcc for hosts of 32 bits: bits32.sh FOLDER; prints the folder of its `gcc` and `g++`.
#
# They are Debian's with -m32 (gcc-multilib, g++-multilib) and floats in single precision, and find
# the libraries of Debian's i386 below FOLDER/root, which are fetched once and unpacked there;
# nothing of them is installed. The verifier of libflatbuffers adds offsets of 32 bits to pointers
# before it looks where they lead, which the sanitizer would report of hostile files.
set -eu
folder=$1
mkdir -p "$folder"
folder=$(cd "$folder" && pwd)
root=$folder/root

apt() { # with lists, state and cache of its own, as if nothing were installed
  apt-get -q -o APT::Architecture=i386 -o APT::Architectures=i386 -o APT::Sandbox::User=root \
    -o Dir::State="$folder/state" -o Dir::State::status="$folder/status" \
    -o Dir::Cache="$folder/cache" "$@"
}

if [ ! -f "$folder/ready" ]; then
  mkdir -p "$folder/state/lists/partial" "$folder/cache/archives/partial" "$root"
  : >"$folder/status"
  apt update || echo "Some lists are missing."
  apt install -y --download-only --no-install-recommends check libsubunit-dev libzip-dev \
    libcjson-dev libprotobuf-c-dev
  # The C library and that of gcc are those of gcc-multilib.
  for name in check libsubunit libzip libcjson libprotobuf-c zlib1g libbz2 libssl3; do
    for package in "$folder/cache/archives/$name"*_i386.deb; do
      dpkg -x "$package" "$root"
    done
  done
  libraries=$root/usr/lib/i386-linux-gnu
  rest=$root/lib/i386-linux-gnu
  for tool in gcc g++; do
    own=
    [ $tool = gcc ] || own='-fno-sanitize=pointer-overflow'
    {
      echo '#!/bin/sh'
      echo "exec $tool -m32 -msse2 -mfpmath=sse -isystem $root/usr/include -L$libraries \\"
      echo "  -Wl,-rpath,$libraries:$rest -Wl,-rpath-link,$rest -Wl,--disable-new-dtags \\"
      echo "  \"\$@\" $own"
    } >"$folder/$tool"
    chmod +x "$folder/$tool"
  done
  echo 'int main() { return sizeof(void *) == 4 ? 0 : 1; }' >"$folder/try.cpp"
  "$folder/g++" -o "$folder/try" "$folder/try.cpp" -Wl,--no-as-needed -lzip -lcjson \
    -lprotobuf-c -lcheck -lsubunit
  "$folder/try"
  touch "$folder/ready"
fi >&2
echo "$folder"
