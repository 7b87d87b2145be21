#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# growth.sh: what blocks take, against fpga/growth.txt.
#
#   growth.sh lines VERSION CONFIG STAT BLOCK...  lines of that file from a synthesis with modules
#   growth.sh check MEASURED                      exit 1 when a block has grown by more than 3 %
#   growth.sh renew MEASURED                      puts the lines into the file
#   growth.sh selftest                            each count that grows is seen, 3 % are not
#
# A line is `YOSYS CONFIG BLOCK COMB FF MULT RAM`. Versions of Yosys differ by more than 3 %, so a
# line is compared with one of the same version only; a version without lines is not judged.
# A line `rtl YOSYS SUM` says of which RTL the lines of that version are; `check` names each version
# that it does not judge and whose lines are of another RTL than there is now. TRINE_GROWTH in the
# environment names another file.
set -eu
cd "$(dirname "$0")/.."

# The RTL of the chip, without comments, and how it is mapped, as a number.
rtl_sum() {
  # shellcheck disable=SC2046
  cat $(sh fpga/files.sh ecp5) rtl/configs.txt fpga/ecp5.ys | sed 's, *//.*,,' | cksum |
    cut -d ' ' -f 1
}

# A file of two blocks, and what is said to counts that were made larger or are new.
selftest() {
  work=$(mktemp -d)
  trap 'rm -rf "$work"' EXIT
  failed=0
  printf '# blocks\n1.0 c top 1000 1000 100 100\n1.0 c part 10 10 1 0\n' >"$work/file"
  grows() { # what is said, nothing: it is fine; and a line of counts
    echo "$2" >"$work/measured"
    said=$(TRINE_GROWTH="$work/file" sh fpga/growth.sh check "$work/measured") && fine=1 || fine=0
    if [ -z "$1" ] && [ $fine -eq 1 ]; then
      return 0
    fi
    case $said in *"$1"*) [ -z "$1" ] || [ $fine -eq 1 ] || return 0 ;; esac
    echo "growth: '$2' gives: $said"
    failed=1
  }
  grows '' '1.0 c top 1030 1030 103 103'
  grows '' '1.1 c top 9000 1000 100 100' # another Yosys is not judged
  grows '1031 COMB, more than 3 %' '1.0 c top 1031 1000 100 100'
  grows '1031 FF, more than 3 %' '1.0 c top 1000 1031 100 100'
  grows '104 MULT18X18D, more than 3 %' '1.0 c top 1000 1000 104 100'
  grows '104 DP16KD, more than 3 %' '1.0 c top 1000 1000 100 104'
  grows '1 DP16KD, more than 3 %' '1.0 c part 10 10 1 1'
  grows 'has no line of it' '1.0 c other 10 10 1 1'
  stale() { # how often another version is named, when the file says that its RTL is $2
    echo '1.0 c top 1000 1000 100 100' >"$work/measured"
    printf '1.0 c top 1000 1000 100 100\n1.1 c top 1 1 1 1\n%s\n' "$2" >"$work/file"
    named=$(TRINE_GROWTH="$work/file" sh fpga/growth.sh check "$work/measured" |
      grep -c 'lines of Yosys .* are of another RTL') || true
    if [ "$named" != "$1" ]; then
      echo "growth: with '$2', lines are said to be of another RTL $named times"
      failed=1
    fi
  }
  stale 0 "rtl 1.1 $(rtl_sum)"
  stale 1 'rtl 1.1 0'
  stale 1 ''
  [ $failed -eq 0 ] && echo 'growth: every count that grows is seen'
  return $failed
}

action=${1:?action}
file=${TRINE_GROWTH:-fpga/growth.txt}
shift

case $action in
  selftest) selftest ;;
  lines)
    version=$1
    config=$2
    stat=$3
    shift 3
    awk -v blocks="$*" -f fpga/cells.awk "$stat" | sed "s/^/$version $config /"
    ;;
  check)
    awk -v file="$file" -v rtl="$(rtl_sum)" '
      { sub(/#.*/, "") }
      NF == 0 { next }
      $1 == "rtl" { of[$2] = $3; next }
      FILENAME == file {
        versions[$1]
        for (i = 4; i <= 7; i++) known[$1, $2, $3, i] = $i
        next
      }
      FNR == 1 { split("COMB FF MULT18X18D DP16KD", what, " ") }
      { measured[$1] }
      !($1 in versions) { strange[$1]; next }
      !(($1, $2, $3, 4) in known) {
        print $2 " " $3 ": " file " has no line of it; make growth-renew"
        bad = 1
        next
      }
      {
        judged++
        for (i = 4; i <= 7; i++) {
          was = known[$1, $2, $3, i]
          if ($i > was * 1.03) {
            printf "%s %s: %d %s, more than 3 %% above the %d of %s\n", $2, $3, $i, what[i - 3], \
              was, file
            bad = 1
          }
          if ($i < was * 0.97) smaller++
        }
      }
      END {
        for (version in strange)
          print "growth: " file " has no figures of Yosys " version ", so nothing is judged"
        for (version in versions)
          if (!(version in measured) && of[version] != rtl)
            print "growth: the lines of Yosys " version " are of another RTL: make " \
              (version == "0.23" ? "" : "fpga-") "growth-renew"
        if (bad) print "What has to grow is renewed in the same commit: make growth-renew"
        else if (judged)
          printf "growth: %d blocks, none above %s by more than 3 %%%s\n", judged, file, \
            smaller ? "; " smaller " counts are lower: make growth-renew" : ""
        exit bad
      }' "$file" "$1"
    ;;
  renew)
    awk -v file="$file" -v rtl="$(rtl_sum)" '
      FILENAME != file {
        versions[$1]
        new[$1, $2, $3] = $0
        order[++count] = $1 SUBSEP $2 SUBSEP $3
        next
      }
      $1 == "rtl" && $2 in versions { next }
      ($1, $2, $3) in new { print new[$1, $2, $3]; delete new[$1, $2, $3]; next }
      { print }
      END { for (i = 1; i <= count; i++) if (order[i] in new) print new[order[i]]
        for (version in versions) print "rtl", version, rtl }
      ' "$1" "$file" >"$file.new"
    mv "$file.new" "$file"
    ;;
  *) echo "growth.sh: there is no action '$action'" >&2; exit 2 ;;
esac
