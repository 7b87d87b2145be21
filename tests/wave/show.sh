#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# show.sh: opens a view in GTKWave: show.sh VIEW.gtkw [PICTURE.png], from the top folder.
#
# Without a display, or with one that GTKWave cannot use (exit 1), it says so and prints the
# command. With PICTURE.png it renders the view there (Xvfb, ImageMagick).
set -eu
view=$1
picture=${2:-}
place=$(dirname "$view")

show="gtkwave -r /dev/null --rcvar 'splash_disable on' --rcvar 'hide_sst on' $view"
if [ -n "$picture" ]; then
  HOME=$PWD/$place xvfb-run -a -s '-screen 0 1600x700x24' sh -c "
    $show >$place/gtkwave.log 2>&1 & sleep 6
    import -window root '$picture'; kill %1 2>/dev/null || kill \$!"
  convert "$picture" -trim +repage -chop 0x53 "$picture"
elif [ -z "${DISPLAY:-}" ]; then
  echo "There is no display (DISPLAY is not set): run this where there is one, in $PWD," \
    "or make shots draws pictures without:"
  echo "$show"
elif ! eval "$show"; then
  echo "GTKWave cannot show it on the display $DISPLAY: run this where it can, in $PWD," \
    "or make shots draws pictures without:" >&2
  echo "$show" >&2
  exit 1
fi
