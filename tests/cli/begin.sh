# SPDX-License-Identifier: Apache-2.0
# begin.sh: what tests of the command begin with, read by `. "$(dirname "$0")/begin.sh"` with `name`
# set: the top folder, $trine, an empty folder $work, and the counts of checks and failures.
# shellcheck shell=sh

cd "$(dirname "$0")/../.." || exit 1
trine=build/trine
models=tests/models
work=build/${name:?}
failures=0
checks=0
rm -rf "$work"
mkdir -p "$work"

fail() {
  failures=$((failures + 1))
  echo "FAIL: $*"
}

# The last line of a test, and its exit code.
ended() {
  echo "$name: $checks commands, $failures failures"
  [ "$failures" -eq 0 ]
}
