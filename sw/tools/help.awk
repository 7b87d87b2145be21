# SPDX-License-Identifier: Apache-2.0
# help.awk: print the `## target: text` lines of the makefiles given, as a table.
BEGIN {
  print "Trine: a multi-core int8 LSTM accelerator. Targets (V=1 shows whole commands):\n"
}
/^## [a-z][a-z0-9-]*: / {
  name = $2
  sub(/:$/, "", name)
  text = $0
  sub(/^## [a-z][a-z0-9-]*: /, "", text)
  if (!(name in seen)) printf "  make %-13s %s\n", name, text
  seen[name] = 1
}
