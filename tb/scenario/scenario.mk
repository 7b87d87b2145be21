# SPDX-License-Identifier: Apache-2.0
# scenario.mk: the C testbench: scenarios in all modes against the golden model, and errors.
#
# build/test_scenarios and build/test_errors use duo and octo, in these suites the plain chips
# (tb/tb.mk): what they prove rests on no rewriter. TRINE_SEED sets the seed, TRINE_DRAWS the number
# of random scenarios, TRINE_SPOILT that of random program faults; others are in test_errors_*.c.

SCENARIO_DIR := tb/scenario
SCENARIO_ALL := $(call src,$(SCENARIO_DIR))
SCENARIO_COMMON := $(call obj,$(B),$(filter-out $(SCENARIO_DIR)/test_%,$(SCENARIO_ALL)))
SCENARIO_CHIPS := $(B)/plain
SCENARIO_MODELS := $(SCENARIO_CHIPS)/libtrine_sim_duo.so $(SCENARIO_CHIPS)/libtrine_sim_octo.so

$(B)/obj/$(SCENARIO_DIR)/%: private INCLUDES += -Itests
$(B)/test_scenarios: $(call obj,$(B),$(SCENARIO_DIR)/test_scenarios.c)
$(B)/test_errors: $(call obj,$(B),$(filter $(SCENARIO_DIR)/test_errors%,$(SCENARIO_ALL)))
$(B)/test_scenarios $(B)/test_errors: $(SCENARIO_COMMON) $(addprefix $(B)/,$(CHECK_LIBS))
	$(call say,LINK,$@)
	$(Q)$(CXX) -o $@ $(filter %.o,$^) -Wl,--start-group $(filter %.a,$^) -Wl,--end-group \
	  $(TEST_LDLIBS) $(LDLIBS)

# Some of every mode, on duo alone.
SCENARIO_QUICK := single-1-stalls multithreading-2-stalls helper-2-stalls hybrid-2 copies-2-stalls \
  batch-2 domains-2
.PHONY: scenarios-quick
scenarios-quick: $(B)/test_scenarios $(SCENARIO_CHIPS)/libtrine_sim_duo.so
	$(Q)for name in $(SCENARIO_QUICK); do \
	  TRINE_LIB_DIR=$(SCENARIO_CHIPS) $(B)/test_scenarios run $$name || exit 1; done

.PHONY: scenarios errors scenario-named scenario-draws scenario-mode
scenario-named scenario-draws: scenario-%: $(B)/test_scenarios $(SCENARIO_MODELS)
	$(Q)TRINE_LIB_DIR=$(SCENARIO_CHIPS) $(B)/test_scenarios $*
scenario-mode: $(SCENARIO_DIR)/mode_use.sh
	$(Q)sh $<

## scenarios: each mode on 1 to 8 cores, side by side, under stalls, and TRINE_DRAWS random ones
scenarios:
	@$(MAKE) --no-print-directory $(PARALLEL) $(SCENARIO_MODELS) $(B)/test_scenarios
	@$(MAKE) --no-print-directory $(PARALLEL) scenario-named scenario-draws

# The Check test cases of build/test_errors, each a process of its own.
SCENARIO_ERRORS := starts programs-duo programs-octo spoilt memory-duo memory-octo modes setup-duo \
  setup-octo turns repeats ends cuts aborts fields loaded remains beside beside-octo \
  forget ranks apart apart-octo lists lists-octo
.PHONY: $(addprefix scenario-errors-,$(SCENARIO_ERRORS))
$(addprefix scenario-errors-,$(SCENARIO_ERRORS)): scenario-errors-%: $(B)/test_errors
	$(Q)TRINE_LIB_DIR=$(SCENARIO_CHIPS) CK_RUN_CASE=$* $(B)/test_errors

## errors: whatever goes wrong stops one domain; the RTL does not schedule by mode
errors: scenario-mode
	@$(MAKE) --no-print-directory $(PARALLEL) $(SCENARIO_MODELS) $(B)/test_errors
	@$(MAKE) --no-print-directory $(PARALLEL) $(addprefix scenario-errors-,$(SCENARIO_ERRORS))

## errors-all: errors, each kind of bad program on octo too, twice the random ones
.PHONY: errors-all
errors-all:
	@TRINE_KINDS=1 TRINE_CUTS=600 TRINE_SPOILT=24 $(MAKE) --no-print-directory errors

TEST_BUILD += $(B)/test_scenarios $(B)/test_errors
