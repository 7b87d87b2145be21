# SPDX-License-Identifier: Apache-2.0
# diff.mk: `trine diff` between a whole device and one with a wrong entry in its table of sigmoids.

BROKEN := $(B)/broken
BROKEN_TABLE := $(B)/sim/nano/Vtrine_top__ConstPool_0.cpp

# The broken chip is the whole one, linked with tables of which one has a wrong entry, the one that
# the RTL has at 20, by so much that values differ and no assertion of the RTL sees it: no chip is
# built for it. `trine` finds it beside itself.
$(BROKEN)/tables.cpp: $(B)/libtrine_sim_nano.so rtl/core/trine_sigmoid_rom.sv tests/diff/diff.mk
	$(Q)mkdir -p $(@D) && \
	  entry=$$(sed -n "s/^ *8'd20: .*10'd\([0-9]*\), 16'd\([0-9]*\)}.*/\1 * 65536 + \2/p" \
	    rtl/core/trine_sigmoid_rom.sv) && \
	  right=$$(printf '0x%08xU' "$$(($$entry))") wrong=$$(printf '0x%08xU' "$$(($$entry + 8192))") && \
	  sed "s/$$right/$$wrong/" $(BROKEN_TABLE) > $@
	$(Q)! cmp -s $(BROKEN_TABLE) $@
$(BROKEN)/tables.o: $(BROKEN)/tables.cpp
	$(Q)$(CXX) $(SIM_CXXFLAGS) -isystem $(VERILATOR_ROOT)/include \
	  -isystem $(VERILATOR_ROOT)/include/vltstd -c -o $@ $<
$(BROKEN)/libtrine_sim_nano.so: $(BROKEN)/tables.o
	$(Q)$(call SIM_LINK,$(B)/sim/nano,$<)

.PHONY: diff-test
## diff-test: `trine diff` names where a broken device leaves a whole one and the golden model
diff-test: $(B)/trine $(B)/libtrine_sim_nano.so $(BROKEN)/libtrine_sim_nano.so
	$(Q)cp $(B)/trine $(BROKEN)/trine && sh tests/diff/diff.sh $(B)/trine $(BROKEN)/trine
