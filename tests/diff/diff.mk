# SPDX-License-Identifier: Apache-2.0
# diff.mk: `trine diff` between a whole device and one with a wrong entry in its table of sigmoids.

BROKEN := $(B)/broken

$(BROKEN)/trine_sigmoid_rom.sv: rtl/core/trine_sigmoid_rom.sv tests/diff/diff.mk
	$(Q)mkdir -p $(@D) && sed "/8'd20:/s/16'd[0-9]*/16'd1/" $< > $@
	$(Q)! cmp -s $< $@

BROKEN_RTL = $(subst rtl/core/trine_sigmoid_rom.sv,$(BROKEN)/trine_sigmoid_rom.sv,$(SIM_RTL))

# The broken chip has a build folder of its own; `trine` finds it there, beside itself. It runs a
# few steps, and nobody looks at its waveforms: how it is quick to build is best.
.PHONY: diff-test
## diff-test: `trine diff` names where a broken device leaves a whole one and the golden model
diff-test: $(B)/trine $(B)/libtrine_sim_nano.so $(BROKEN)/trine_sigmoid_rom.sv
	$(Q)$(MAKE) --no-print-directory $(PARALLEL) B=$(BROKEN) \
	  PLAIN=1 SIM_OPT=-O1 SIM_NO_WAVES=$(BROKEN)/sim/nano SIM_RTL='$(BROKEN_RTL)' \
	  $(BROKEN)/libtrine_sim_nano.so
	$(Q)cp $(B)/trine $(BROKEN)/trine && sh tests/diff/diff.sh $(B)/trine $(BROKEN)/trine
