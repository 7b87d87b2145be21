# SPDX-License-Identifier: Apache-2.0
# session.mk: sessions on the simulated chip: streams, batches of different lengths, images.

SESSION_DIR := tests/session

$(B)/obj/$(SESSION_DIR)/%: private INCLUDES += -Itests
$(B)/session: $(call obj,$(B),$(call src,$(SESSION_DIR)) tests/support/seed.c) \
    $(addprefix $(B)/,libtrine_sw.a libtrine_driver.a)
	$(call say,LINK,$@)
	$(Q)$(CXX) -o $@ $(filter %.o,$^) -Wl,--start-group $(filter %.a,$^) -Wl,--end-group $(LDLIBS)

.PHONY: session
## session: streams, batches of different lengths and images, on the simulated chip
session: $(B)/session $(B)/libtrine_sim_duo.so
	$(Q)$(B)/session

TEST_BUILD += $(B)/session
