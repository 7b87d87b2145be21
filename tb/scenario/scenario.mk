# SPDX-License-Identifier: Apache-2.0
# scenario.mk: the C testbench: scenarios in all modes against the golden model, and errors.
#
# build/test_scenarios and build/test_errors need the models of duo and octo. TRINE_DRAWS=n sets
# the number of random scenarios, TRINE_SEED the seed.

SCENARIO_DIR := tb/scenario
SCENARIO_MAINS := test_scenarios
SCENARIO_COMMON := $(call obj,$(B),$(filter-out $(SCENARIO_DIR)/test_%,$(call src,$(SCENARIO_DIR))))
SCENARIO_MODELS := $(B)/libtrine_sim_duo.so $(B)/libtrine_sim_octo.so

$(B)/obj/$(SCENARIO_DIR)/%: private INCLUDES += -Itests
$(B)/test_scenarios: $(B)/obj/$(SCENARIO_DIR)/test_scenarios.o
$(addprefix $(B)/,$(SCENARIO_MAINS)): $(SCENARIO_COMMON) $(addprefix $(B)/,$(CHECK_LIBS))
	$(call say,LINK,$@)
	$(Q)$(CXX) -o $@ $(filter %.o,$^) -Wl,--start-group $(filter %.a,$^) -Wl,--end-group \
	  $(TEST_LDLIBS) $(LDLIBS)
