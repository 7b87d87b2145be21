# SPDX-License-Identifier: Apache-2.0
# extract.awk: the commands of a Markdown file's ```console blocks, and what they should print.
#
# Call: awk -v out=FOLDER -f extract.awk README.md. Writes FOLDER/001.cmd, FOLDER/001.want and so
# on; a command is a line `$ command`, continued while it ends in a backslash.
function close_both() {
  if (name != "") {
    close(name ".cmd")
    close(name ".want")
  }
}
!inside && /^```console[ \t]*$/ { inside = 1; name = ""; next }
inside && /^```[ \t]*$/ { inside = 0; close_both(); name = ""; next }
!inside { next }
more {
  print > (name ".cmd")
  more = /\\$/
  next
}
/^\$ / {
  close_both()
  name = sprintf("%s/%03d", out, ++count)
  print substr($0, 3) > (name ".cmd")
  printf "" > (name ".want")
  more = /\\$/
  next
}
name != "" { print > (name ".want") }
