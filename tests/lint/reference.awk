# SPDX-License-Identifier: Apache-2.0
# reference.awk: what Doxygen does not ask of a public header's words (docs/reference/reference.md):
# a sentence on threads and one on pointers in each header, the errors of each function that returns
# a status, how long what is returned lives, units of sizes. One line a fault; silent else.
function say(text) { print file ":" line ": " text }

# A header is read whole: its first block, then documented declarations one by one.
FNR == 1 {
  finish()
  file = FILENAME
  in_doc = 0; doc = ""; declaration = ""; block = ""; has_pointers = 0; functions = 0
}

# A comment that stands on lines of its own.
!in_doc && declaration == "" && /^ *\/\*\*[^<]/ { in_doc = 1; doc = ""; line = FNR }
in_doc {
  text = $0
  gsub(/^ *(\/\*\*|\*)? ?|\*\/ *$/, "", text)
  doc = doc " " text
  if (/\*\/ *$/) {
    in_doc = 0
    if (doc ~ /@file/) { block = doc; doc = "" }
  }
  next
}

# A member of a structure, with its words behind it.
/\/\*\*</ {
  member = $0
  sub(/.*\/\*\*< */, "", member)
  name = $0
  sub(/[;,=\[ ]*\/\*\*<.*/, "", name); sub(/;.*/, "", name); sub(/.*[ *]/, "", name)
  line = FNR
  if ($0 ~ /^ *(u?int[0-9]+_t|size_t)/) check_unit(name, member)
}

# What is no function: its words are Doxygen's to ask for.
doc != "" && declaration == "" && /^ *(#|struct [a-z_0-9]+( \{|;)|enum( [a-z_]+)? \{)/ {
  doc = ""
  next
}
doc != "" && !/^ *\/[\/*]/ {
  declaration = declaration " " $0
  if (/[;{] *$/) {
    if (declaration ~ /\(/ && declaration !~ /\(\*/) check_function(declaration, doc)
    doc = ""
    declaration = ""
  }
}

# Sizes, offsets and limits in time say what they count: in the name, or in words.
function check_unit(name, words) {
  if (name ~ /(^|_)(len|size|length|limit|offset|stride|timeout|room|capacity)$/ &&
      words !~ units)
    say(name " has no unit; name it len_bytes or say what it counts")
}

function param(doc, name,   at, rest) { # the words of one parameter
  at = match(doc, "@param " name "[ ,]")
  if (at == 0) return ""
  rest = substr(doc, at + 7)
  sub(/@(param|return).*/, "", rest)
  return rest
}

function check_function(text, doc,   head, list, count, n, name, words, result) {
  functions++
  sub(/__attribute__.*/, "", text)
  sub(/TRINE_CHECK_RESULT/, "", text)
  head = text
  sub(/\(.*/, "", head)
  name = head
  sub(/.*[ *]/, "", name)
  list = text
  sub(/^[^(]*\(/, "", list)
  sub(/\)[^)]*$/, "", list)
  result = match(doc, /@return/) ? substr(doc, RSTART) : ""
  if (head ~ /enum trine_status [a-z]/ &&
      doc !~ /Errors?:|TRINE_ERR_|as of (struct )?trine_|as of the/ &&
      result !~ /OK,? (or|ARG)|[A-Z]+ or [A-Z]+/)
    say(name " returns a status and does not name its errors")
  if (head ~ /enum trine_status [a-z]/ && result ~ /of those|errors above/ && doc !~ /Errors?:/)
    say(name " says 'an error of those' and names none: Errors: ...")
  if (head ~ /\*[a-z_ ]*$/ && doc !~ lives)
    say(name " returns a pointer and does not say how long it is valid, or whose it is")
  count = split(list, entry, /,/)
  for (n = 1; n <= count; n++) {
    if (entry[n] ~ /\*/) has_pointers = 1
    given = entry[n]
    sub(/\[.*/, "", given)
    sub(/.*[ *]/, "", given)
    words = param(doc, given)
    if (entry[n] ~ /\*\*/ && entry[n] !~ /\*const \*|const \*const/ && (doc !~ lives))
      say(name ": nobody says whose " given " is afterwards, or how long it lives")
    if (entry[n] ~ /int[0-9]+_t|size_t/ && entry[n] !~ /\*/) check_unit(given, words)
  }
}

BEGIN {
  units = "byte|row|value|element|step|word|ms|cycle|entries|axes|axis|units|character|second"
  units = units "|number"
  lives = "caller's|valid|[Ll]ives|[Ss]tatic|constant|as long as|in the image|free|until|outlive"
  lives = lives "|belongs|stays|close|in mapped|the batch's"
}

function finish() {
  if (file == "") return
  line = 1
  if (functions > 0 && block !~ /Threads: /)
    say("the header's block has no sentence 'Threads: ...'")
  if (has_pointers && block !~ /Pointers: /)
    say("the header's block has no sentence 'Pointers: ...'")
}

END { finish() }
