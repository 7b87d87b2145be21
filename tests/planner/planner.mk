# SPDX-License-Identifier: Apache-2.0
# planner.mk: the planner against the simulated accelerator.

PLANNER_CONFIGS := duo octo
PLANNER_LIBS = $(foreach name,$(PLANNER_CONFIGS),$(B)/libtrine_sim_$(name).so)

$(B)/accuracy: $(B)/obj/tests/planner/accuracy.o
$(B)/plan_random: $(call obj,$(B),$(addprefix tests/planner/,random.c draw.c))
$(B)/plan_sets: $(B)/obj/tests/planner/sets.o
$(B)/accuracy $(B)/plan_random $(B)/plan_sets: \
    $(addprefix $(B)/,libtrine_test.a libtrine_sw.a libtrine_driver.a)
	$(call say,LINK,$@)
	$(Q)$(CXX) -o $@ $(filter %.o,$^) -Wl,--start-group $(filter %.a,$^) -Wl,--end-group $(LDLIBS)

# Random runs; PLAN_DRAWS sets how many are drawn, TRINE_SEED which.
PLAN_DRAWS ?= 220
# Draws that were off once, SEED:NUMBER: a reader's second claim, a context's claim and a stream's.
PLAN_KEPT := 101:218 102:85 101:461
# In `make test` nano and duo, whose chips others want too, and for which two of three draws are;
# PLAN_CONFIGS='nano ulx3s duo quad' runs all.
PLAN_CONFIGS ?= nano duo
PLANNER_RANDOM = $(foreach name,$(PLAN_CONFIGS),$(B)/libtrine_sim_$(name).so)

.PHONY: plan-random
## plan-random: predicted against simulated cycles of PLAN_DRAWS random runs: the same to the cycle
plan-random: $(B)/plan_random $(sort $(PLANNER_RANDOM) $(B)/libtrine_sim_duo.so)
	$(Q)for kept in $(PLAN_KEPT); do \
	  TRINE_SEED=$${kept%:*} ./$(B)/plan_random 1 $${kept#*:} || exit 1; done
	$(Q)TRINE_CONFIGS='$(PLAN_CONFIGS)' ./$(B)/plan_random $(PLAN_DRAWS)
	$(Q)./$(B)/plan_random --set nano '$(PLAN_DUO)' duo 30

# Every field of duo, as a change of another configuration.
PLAN_DUO = $(shell sh sw/tools/config.sh verilator duo | sed 's/^-G//; s/ *$$//; s/ -G/,/g')

# Configurations that nobody built: what --set plans, and their chips, built for it.
PLAN_SETS ?= 4
PLAN_SET_DRAWS ?= 40
PLAN_SET_CHIPS = $(patsubst %,$(B)/plain/libtrine_sim_set-%.so,\
  $(shell seq 0 $$(($(PLAN_SETS) - 1))))
.PHONY: plan-set
## plan-set: PLAN_SETS drawn --set of plan against chips built for them, cycle by cycle (minutes)
plan-set: $(B)/plan_random $(B)/plan_sets
	$(Q)mkdir -p $(B)/sets && ./$(B)/plan_sets $(PLAN_SETS) > $(B)/sets/list
	$(Q)./$(B)/plan_sets $(PLAN_SETS) table > $(B)/sets/configs.txt
	+$(Q)TRINE_CONFIGS=$(B)/sets/configs.txt $(MAKE) --no-print-directory $(PLAN_SET_CHIPS)
	$(Q)while read -r chip base changes; do \
	  echo "$$chip: $$base with $$changes"; \
	  TRINE_LIB_DIR=$(B)/plain ./$(B)/plan_random --set $$base $$changes $$chip \
	    $(PLAN_SET_DRAWS) || exit 1; \
	done < $(B)/sets/list

.PHONY: plan-check plan-accuracy
## plan-check: predicted against simulated cycles on duo (fails when one is off by a cycle)
plan-check: $(B)/accuracy $(B)/libtrine_sim_duo.so
	$(Q)./$(B)/accuracy '| duo |'

## plan-accuracy: the same on duo and octo, as the table of docs/planner.md
plan-accuracy: $(B)/accuracy $(PLANNER_LIBS)
	$(Q)./$(B)/accuracy

TEST_BUILD += $(B)/accuracy $(B)/plan_random $(PLANNER_RANDOM)
