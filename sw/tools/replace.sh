#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# replace.sh: replace.sh NEW OLD moves NEW to OLD when they differ, and else drops it, so that what
# depends on OLD is made again when its content changed, not when it was written.
set -eu
if cmp -s "$1" "$2"; then rm -f "$1"; else mv -f "$1" "$2"; fi
