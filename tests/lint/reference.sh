#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# reference.sh: the reference of the C interface (docs/reference/Doxyfile), made or checked.
#
#   reference.sh pages DIR MAIN HEADER ...   HTML in DIR/html, MAIN (Markdown) as its first page
#   reference.sh check HEADER ...            silent when every public name has its words
#   reference.sh names PAGE ...              silent when every `trine_name` of the pages is one
#   reference.sh selftest                    a header of each fault must be seen, a good one not
set -eu
cd "$(dirname "$0")/../.."

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# Values of enums in Doxygen's XML that have no words: it says nothing of these itself.
bare_values() { # XML files
  awk '
    /<memberdef / { header = "" }
    /<enumvalue/ { inside = 1; words = 0 }
    inside && /<name>/ { name = $0; gsub(/.*<name>|<.name>.*/, "", name) }
    inside && /<para>/ { words = 1 }
    /<.enumvalue>/ { inside = 0; if (!words) bare[++count] = name }
    /<location / {
      header = $0
      sub(/.*<location file="/, "", header); sub(/".*/, "", header)
      for (n = 1; n <= count; n++) print header ": value " bare[n] " of an enum is not documented"
      count = 0
    }' "$@"
}

# Doxygen checks parameters when it writes HTML; the XML is for the values of enums. It keeps
# silent on a header without @file.
check() { # headers
  grep -L '^/\*\* @file' "$@" | sed 's/$/: the header does not begin with @file/' >"$work/said"
  rm -rf "$work/xml" "$work/html"
  {
    cat docs/reference/Doxyfile
    printf 'INPUT = %s\nOUTPUT_DIRECTORY = %s\n' "$*" "$work"
    printf 'GENERATE_XML = YES\nXML_PROGRAMLISTING = NO\nSOURCE_BROWSER = NO\n'
    printf 'VERBATIM_HEADERS = NO\nSEARCHENGINE = NO\n'
  } | doxygen - 2>>"$work/said" || [ -s "$work/said" ] || echo 'doxygen fails' >>"$work/said"
  bare_values "$work"/xml/*.xml >>"$work/said"
  awk -f tests/lint/reference.awk "$@" >>"$work/said"
  [ -s "$work/said" ] || return 0
  sed "s,$PWD/,,g" "$work/said"
  return 1
}

# Names in backticks that no header and no file has: what was renamed and what is gone.
names() { # pages
  grep -Hno '`\(struct \|enum \)\?trine_[a-z0-9_]*[a-z0-9]' "$@" |
    sed 's/`\(struct \|enum \)\?//' >"$work/used"
  git ls-files -- 'driver/*.h' 'sw/*.h' >"$work/headers"
  {
    xargs grep -oh 'trine_[a-z0-9_]*' <"$work/headers"
    git ls-files | grep -o 'trine_[a-z0-9_]*'
  } | sort -u >"$work/known"
  awk -F : 'NR == FNR { known[$1]; next }
    !($3 in known) { print $1 ":" $2 ": there is no " $3; bad = 1 }
    END { exit bad }' "$work/known" "$work/used"
}

pages() { # directory main headers
  out=$1 main=$2
  shift
  mkdir -p "$out"
  {
    cat docs/reference/Doxyfile
    printf 'INPUT = %s\nOUTPUT_DIRECTORY = %s\nUSE_MDFILE_AS_MAINPAGE = %s\n' "$*" "$out" "$main"
  } | doxygen -
}

good='/** A width in bytes. */
struct width {
  int bytes; /**< 0 or more */
};
/** What may happen. */
enum happens {
  HAPPENS_NOT, /**< nothing */
  HAPPENS_ALL  /**< all of it */
};
/** Most bytes. */
#define MOST_BYTES 4
/** Called at the end. */
typedef void (*at_end)(void *ctx);
/** Doubles a width.
 * @param width what is doubled, never NULL
 * @param times how often, 0 or more
 * @return the bytes of it. */
int double_width(const struct width *width, int times);
/** Why. */
enum trine_status {
  TRINE_OK /**< done */
};
/** Makes one. Errors: MEMORY.
 * @param from where it comes from
 * @param made set; the caller'"'"'s to free
 * @param len_bytes of it
 * @param room rows of it
 * @return OK or an error of those */
enum trine_status make_width(const char *from, struct width **made, unsigned len_bytes,
                             size_t room);
/** The widest there is.
 * @return static, never NULL */
const struct width *widest(void);
/** Writes it.
 * @param width written
 * @return OK or FILE */
enum trine_status save_width(const struct width *width);
/** Where it is. */
struct place {
  size_t offset; /**< bytes from the beginning */
};
'

try() { # what is said of it, and a sed script that makes the fault; nothing said: it is good
  count=$((count + 1))
  {
    printf '/* SPDX-License-Identifier: Apache-2.0 */\n/** @file\n * tried: a header.\n'
    printf ' * Threads: any number.\n * Pointers: never NULL unless it is said. */\n'
    printf '%s' "$good"
  } | sed -e "$2" >"$work/tried.h"
  if [ "$1" = '' ]; then
    check "$work/tried.h" >"$work/out" && return 0
    echo "a good header is refused: $(cat "$work/out")"
  else
    ! check "$work/tried.h" >"$work/out" && grep -q "$1" "$work/out" && return 0
    echo "not seen: $1, after $2"
  fi
  failed=1
}

selftest() {
  count=0 failed=0
  try '' ''
  try 'does not begin with @file' 's/@file//'
  try 'double_width.*is not documented' '/Doubles/,/return/d'
  try 'width.*not documented' '/A width in bytes/d'
  try 'bytes.*not documented' 's,/\*\*< 0 or more \*/,,'
  try 'happens.*not documented' '/What may happen/d'
  try 'HAPPENS_ALL.*not documented' 's,/\*\*< all of it \*/,,'
  try 'HAPPENS_NOT.*not documented' 's,/\*\*< nothing \*/,/* nothing */,'
  try 'MOST_BYTES.*not documented' '/Most bytes/d'
  try 'at_end.*not documented' '/Called at the end/d'
  try "parameter 'times'" '/@param times/d'
  try 'parameters of member double_width' '/@param/d'
  try 'return type of member double_width' 's,@return the bytes of it.,,'
  try "'height'" 's,@param times,@param height,'
  try 'unable to resolve reference' 's,Most bytes,Most bytes of @ref none_such,'
  try "no sentence 'Threads: " '/Threads:/d'
  try "no sentence 'Pointers: " 's/Pointers:/And/'
  try 'make_width returns a status and does not name its errors' \
    's/ Errors: MEMORY//; s/OK or an error of those/how it ended/'
  try "make_width says 'an error of those' and names none" 's/ Errors: MEMORY//'
  try 'save_width returns a status and does not name its errors' 's/OK or FILE/how it ended/'
  try 'whose made is afterwards' "s/; the caller's to free//"
  try 'widest returns a pointer and does not say how long' 's/static, never/never/'
  try 'offset has no unit' 's/bytes from the beginning/from the beginning/'
  try 'room has no unit' 's/@param room rows of it/@param room of it/'
  echo 'Call `trine_open` and `struct trine_bus` of `trine_bus.h`.' >"$work/good.md"
  echo 'Call `trine_gone(device)`.' >"$work/stale.md"
  names "$work/good.md" || { echo 'a good page is refused'; failed=1; }
  ! names "$work/stale.md" >"$work/out" && grep -q 'there is no trine_gone' "$work/out" ||
    { echo 'a stale name is not seen'; failed=1; }
  [ $failed -eq 0 ] && echo "$count headers, every missing word is seen"
  return $failed
}

action=$1
shift
case $action in
  check) check "$@" ;;
  pages) pages "$@" ;;
  names) names "$@" ;;
  selftest) selftest ;;
  *) echo "reference.sh: unknown action '$action'" >&2; exit 2 ;;
esac
