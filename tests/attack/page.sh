#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# page.sh: docs/attack.md on standard output, from the lines that attack.sh left.
set -eu
lines=${TRINE_BUILD:-build}/attack_log/campaign.tsv
[ -s "$lines" ] || { echo "$lines is not there: run make attack first." >&2; exit 1; }
version() {
  "$@" 2>/dev/null | head -n 1 | grep -oE '[0-9]+\.[0-9]+(\.[0-9]+)?' | head -n 1
}
cat <<TEXT
# The chip under attack

Written by \`make docs-attack\` after \`make attack TIME=...\`; not to be edited.

\`make attack\` runs hostile programs on a simulated chip whose other cores belong to somebody else,
with a seed that nobody has used, and prints that seed. It is a suite of \`make test\` for about a
minute; \`TIME=\` makes it longer. The chips are as Verilator wrote them unless
\`ATTACK_CHIPS=build\` names the fast ones ([simulation.md](simulation.md)). What must hold, in
every draw:

- Each access at the memory port lies in the window of the domain that its core belongs to, and a
  core of no domain makes none: a program is DONE only when nothing of it is on its way any more.
- A victim beside runs again and again: DONE, each byte of its window as the golden model has it, in
  at most 8 times its cycles alone and 2,048 more.
- At once after each program an honest tenant gets the same cores, and is exact in the same sense.
- Every program ends: by itself or, when it has run on for 1,500 cycles, in the time of the watchdog
  and 1,000 cycles after ABORT. The state is DONE or ERROR with a documented code; after DONE the
  counters of a core add up to its cycles. A memory that answered with an error never leaves DONE.
- Registers answer as [registers.md](registers.md) says: SLVERR where nothing is, where nothing may
  be written, and for settings and START of a domain that runs; a quarantined core refuses START.
- No assertion of the RTL fires, and the rules of AXI4 hold at the memory port.

Programs are honest ones changed (bits, fields, operations dropped, copied, moved, from another
program, given to other ranks, to nobody or to ranks there are not; RUN cut short, READ behind the
last RUN, tables at their limits, lists that end elsewhere, writers aimed at the program itself),
programs made from nothing, and random words as header, list or operations; the CRCs are right.
While they run, some are aborted at any cycle, some have their list rewritten by the host,
some stand in a storm of register accesses, STARTs and ABORTs, and some have a memory that answers
late, with errors, or never. Half of the draws have a memory of another latency, bandwidth and with
pauses. On quad two cores are victims; on duo and nano one, or none beside domains of both cores.

## Logged runs

Verilator $(version verilator --version), gcc $(version gcc --version). Seeds and commits are those
of the runs; a run of the same seed and commit draws the same attacks in the same order. Nothing of
what must hold was broken in any of them. \`slowest\`: a run of a victim, against its cycles alone;
\`accesses\`: random ones of registers; \`isolated\`: draws that ended with a core in quarantine, as
a lost answer of the memory must.

| configuration | programs | cycles | victims' runs | slowest | next tenants | accesses | isolated |
|---|---:|---:|---:|---:|---:|---:|---:|
TEXT
awk -F '\t' '
  function row(name) {
    printf "| %s | %d | %d | %d | %.1f times | %d | %d | %d |\n", name, programs[name],
           cycles[name], victims[name], slowest[name], tenants[name], accesses[name], isolated[name]
  }
  function add(name) {
    programs[name] += $4; cycles[name] += $5; victims[name] += $6; tenants[name] += $7
    accesses[name] += $8; isolated[name] += $9
    if ($10 + 0 > slowest[name]) slowest[name] = $10 + 0
  }
  { if (!($2 in programs)) order[++count] = $2; add($2); add("all") }
  END { for (n = 1; n <= count; n++) row(order[n]); row("all") }' "$lines"
echo
echo 'How the programs ended:'
echo
awk -F '\t' '
  { if (!($2 in known)) { known[$2] = 1; configs[++count] = $2 }
    n = split($11, part, " ")
    for (i = 1; i <= n; i++) {
      split(part[i], end, "=")
      if (!(end[1] in total)) ends[++kinds] = end[1]
      total[end[1]] += end[2]; of[end[1], $2] += end[2]
    } }
  END {
    printf "| end |"; for (c = 1; c <= count; c++) printf " %s |", configs[c]; print " all |"
    printf "|---|"; for (c = 1; c <= count; c++) printf "---:|"; print "---:|"
    for (i = 1; i <= kinds; i++) {
      best = 0
      for (k = 1; k <= kinds; k++)
        if (!done[k] && (best == 0 || total[ends[k]] > total[ends[best]])) best = k
      done[best] = 1
      printf "| %s |", ends[best]
      for (c = 1; c <= count; c++) printf " %d |", of[ends[best], configs[c]]
      printf " %d |\n", total[ends[best]]
    }
  }' "$lines"
echo
echo 'Commits and seeds:'
echo
awk -F '\t' '{ key = $1 "\t" $2; if (!(key in seeds)) order[++count] = key
    if (index(" " seeds[key] " ", " " $3 " ") == 0) seeds[key] = seeds[key] " " $3 }
  END { for (n = 1; n <= count; n++) { split(order[n], part, "\t")
    printf "- %s, %s:%s\n", part[1], part[2], seeds[order[n]] } }' "$lines"
cat <<'TEXT'

## What it found

- END did not wait for memory readers: a program with a READ and no RUN behind it was DONE, and its
  reader went on in the window of the next tenant of the core. Any seed shows it within a few dozen
  programs on a chip without the wait (mutants `attack-end-waits` and others of
  tests/mutate/rooms/attack.txt).
TEXT
