# SPDX-License-Identifier: Apache-2.0
# planner.mk: the planner against the simulated accelerator.

PLANNER_CONFIGS := duo octo
PLANNER_LIBS = $(foreach name,$(PLANNER_CONFIGS),$(B)/libtrine_sim_$(name).so)

$(B)/obj/tests/planner/%: private INCLUDES += -Itb
$(B)/accuracy: $(B)/obj/tests/planner/accuracy.o \
    $(addprefix $(B)/,libtrine_test.a libtrine_sw.a libtrine_driver.a)
	$(call say,LINK,$@)
	$(Q)$(CXX) -o $@ $< -Wl,--start-group $(filter %.a,$^) -Wl,--end-group $(LDLIBS)

.PHONY: plan-check plan-accuracy
## plan-check: predicted against simulated cycles on duo (fails when one is off by more than 0.5 %)
plan-check: $(B)/accuracy $(B)/libtrine_sim_duo.so
	$(Q)./$(B)/accuracy '| duo |'

## plan-accuracy: the same on duo and octo, as the table of docs/planner.md
plan-accuracy: $(B)/accuracy $(PLANNER_LIBS)
	$(Q)./$(B)/accuracy

TEST_BUILD += $(B)/accuracy
