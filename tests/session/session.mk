# SPDX-License-Identifier: Apache-2.0
# session.mk: streams on the simulated chip: cut in pieces, and 64 of them in turn.

SESSION_DIR := tests/session

$(B)/obj/$(SESSION_DIR)/%: private INCLUDES += -Itests -Itb
$(B)/session_streams: $(call obj,$(B),$(call src,$(SESSION_DIR))) \
    $(addprefix $(B)/,libtrine_sw.a libtrine_driver.a)
	$(call say,LINK,$@)
	$(Q)$(CXX) -o $@ $(filter %.o,$^) -Wl,--start-group $(filter %.a,$^) -Wl,--end-group $(LDLIBS)

.PHONY: session
## session: streams on the simulated chip, in pieces of 1, 7 and all steps, and 64 taking turns
session: $(B)/session_streams $(B)/libtrine_sim_duo.so
	$(Q)$(B)/session_streams
