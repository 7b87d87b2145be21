# SPDX-License-Identifier: Apache-2.0
# ports.awk: Verilator's configuration for a core that stays a module of its own.
#
#   ports.awk rtl/core/trine_core.sv > core.vlt
#
# A module that is not inlined becomes a C++ class, and its instances objects of it. But Verilator
# still puts what drives an input in place of the input, and then the code of each instance names
# other signals. Public inputs are left alone. Clock and reset are the same for all.
BEGIN {
  print "`verilator_config"
  print "no_inline -module \"trine_core\""
}
/^ *input +wire / && !/ (clk_i|rst_ni)/ {
  sub(/ *\/\/.*/, "")
  sub(/,? *$/, "")
  print "public_flat_rd -module \"trine_core\" -var \"" $NF "\""
}
