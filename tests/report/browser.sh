#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# browser.sh: pages of `trine quantize --report` in a real browser (Chromium without a screen), wide
# and narrow: all pictures are there and in their frames, no text is cut, nothing is wider than the
# window, names that hold marks of HTML stay text, and the page asks for nothing.
#
# Without Chromium it says so and passes; a page that the browser never measured fails.
set -u
name=browser
. "$(dirname "$0")/../cli/begin.sh"
set=tests/onnx/set
trained=$models/onnx

browser=$(command -v chromium || command -v chromium-browser || true)
if [ -z "$browser" ]; then
  echo "browser: skipped, there is no Chromium here (Debian: apt-get install chromium)"
  exit 0
fi

# dom WIDTH PAGE: the page as the browser has it when its programs are done.
dom() {
  timeout 120 "$browser" --headless --no-sandbox --disable-gpu \
    --user-data-dir="$PWD/$work/profile" --enable-logging=stderr \
    --window-size="$1",1200 --virtual-time-budget=2000 \
    --dump-dom "file://$PWD/$2" 2>"$work/log"
}

# seen PAGE PICTURES: what is wrong with the page in two windows.
seen() {
  page=$1
  pictures=$2
  grep -qE '(src|href)=|url\(|@import|<script' "$page" && fail "$page asks for something"
  # The measuring program goes into a copy, whose policy lets it run.
  sed -e '/Content-Security-Policy/,/>/d' -e '/<\/body>/d' "$page" >"$work/copy.html"
  { echo '<script>'; cat tests/report/measure.js; echo '</script></body>'; } >>"$work/copy.html"
  for width in 1100 520; do
    checks=$((checks + 1))
    dom $width "$work/copy.html" >"$work/dom"
    grep -o '<pre id="measured">[^<]*' "$work/dom" | sed 's/.*>//' >"$work/measured"
    read -r count faults <"$work/measured" || fail "$page was not measured at $width"
    [ "$count" = "$pictures" ] || fail "$page has $count pictures at $width, not $pictures"
    [ -z "$faults" ] || fail "$page at $width: $faults"
  done
  dom 1100 "$page" >"$work/dom"
  grep -E 'CONSOLE|Refused' "$work/log" && fail "$page: the browser complains"
}

# --- a stack with one row of output, a stack with steps, embeddings, names that are HTML ---
"$trine" quantize $trained/vowels.onnx --calibrate $trained/vowels_calib.npy --lengths \
  $trained/vowels_calib_len.npy -o "$work/v.tflite" --report "$work/vowels.html" >/dev/null ||
  fail "no report of vowels"
seen "$work/vowels.html" 6
"$trine" quantize $set/torch_both_old.onnx --calibrate $set/torch_both_old_x.npy \
  -o "$work/b.tflite" --report "$work/both.html" >/dev/null || fail "no report of torch_both_old"
seen "$work/both.html" "$(grep -c '<svg' "$work/both.html")"
LC_ALL=C sed 's|/lstm/|<b>"\&;|g' $set/torch_both_old.onnx >"$work/html.onnx"
"$trine" quantize "$work/html.onnx" --calibrate $set/torch_both_old_x.npy -o "$work/h.tflite" \
  --report "$work/html.html" >/dev/null || fail "no report of a model with names of HTML"
grep -q '&lt;b&gt;&quot;' "$work/html.html" || fail "the names are not in the page"
seen "$work/html.html" "$(grep -c '<svg' "$work/both.html")"
ended
