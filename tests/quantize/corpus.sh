#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# corpus.sh: what quantising costs, over the reports that models.sh left in FOLDER: nine networks of
# ten keep 30 dB end to end (of indices: their last layer), and no task loses half a point.
set -eu
folder=$1
awk '
  FNR == 1 { if (name != "" ) finish(); name = FILENAME; sub(/.*\//, "", name); snr = "" }
  function finish() {
    if (snr == "") return
    count++
    good += snr >= 30
    if (snr < 30) printf "%s: %.1f dB\n", name, snr
    if (least == "" || snr < least) least = snr
  }
  function task(kind, lost) {
    tasks++
    worst = lost > worst ? lost : worst
    if (lost > 0.5) { printf "%s: %s worse by %.2f points\n", name, kind, lost; bad = 1 }
  }
  $2 == "LSTM" { ended = 0; snr = $6 + 0 }
  $2 == "dense" { snr = $5 + 0 }
  /^end to end/ { snr = $5 == "inf" ? 200 : $5 + 0 }
  /^accuracy/ { task("accuracy", $3 - $6) }
  /^bits a symbol/ { task("bits a symbol", 100 * ($7 - $5) / $5) }
  END {
    finish()
    if (count < 40) { print count " networks; the corpus has 40 and more"; exit 1 }
    printf "%d of %d networks have 30 dB or more end to end, the least %.1f; ", good, count, least
    printf "%d tasks, the worst loses %.2f points\n", tasks, worst
    exit bad || good < 0.9 * count
  }' "$folder"/*.txt
