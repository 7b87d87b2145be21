# SPDX-License-Identifier: Apache-2.0
# page.awk: the page with its parts: awk -v folder=FOLDER -f page.awk PAGE > NEW
#
# What stands between `<!-- begin: NAME -->` and `<!-- end: NAME -->` is FOLDER/NAME.md, or is left
# as it is when there is no such file. Fails when a part does not end.
/^<!-- begin: [a-z]+ -->$/ {
  print
  file = folder "/" $3 ".md"
  inside = (getline line < file) > 0
  open = $3
  if (inside) {
    print ""
    do print line
    while ((getline line < file) > 0)
    print ""
  }
  next
}
$0 == "<!-- end: " open " -->" { inside = 0; open = "" }
!inside
END { exit open != "" }
