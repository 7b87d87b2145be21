# SPDX-License-Identifier: Apache-2.0
# attack.mk: fuzzers of programs, registers and memory against the simulated chip.
#
# build/attack runs against one configuration; attack.sh runs it for all, with a seed that nobody
# has used. ATTACK_SEED= gives the seed, ATTACK_CONFIG= and ATTACK_DRAW= run one draw again alone.
# The chips are the plain ones (tb/tb.mk): what is found or not rests on no rewriter. Long runs may
# take the fast ones, ATTACK_CHIPS=build; a draw is the same on both.

ATTACK_DIR := tests/attack
ATTACK_CONFIGS ?= duo quad nano
ATTACK_CHIPS ?= $(B)/plain
ATTACK_OBJ := $(call obj,$(B),$(call src,$(ATTACK_DIR)) $(SCENARIO_DIR)/bench.c)
# Seconds of the whole.
ATTACK_SECONDS := $(if $(filter command line environment,$(origin TIME)),$(TIME),60)

$(B)/obj/$(ATTACK_DIR)/%: private INCLUDES += -Itests -Itb -Itb/scenario
$(B)/attack: $(ATTACK_OBJ) $(addprefix $(B)/,$(CHECK_LIBS))
	$(call say,LINK,$@)
	$(Q)$(CXX) -o $@ $(filter %.o,$^) -Wl,--start-group $(filter %.a,$^) -Wl,--end-group \
	  $(TEST_LDLIBS) $(LDLIBS)

.PHONY: attack attack-run docs-attack
## attack: hostile programs, register storms and memory faults beside victims, TIME=60 s
attack:
	@$(MAKE) --no-print-directory $(PARALLEL) $(B)/attack \
	  $(patsubst %,$(ATTACK_CHIPS)/libtrine_sim_%.so,$(or $(ATTACK_CONFIG),$(ATTACK_CONFIGS)))
	@ATTACK_SEED='$(ATTACK_SEED)' ATTACK_CONFIG='$(ATTACK_CONFIG)' ATTACK_DRAW='$(ATTACK_DRAW)' \
	  ATTACK_CONFIGS='$(ATTACK_CONFIGS)' TRINE_LIB_DIR=$(ATTACK_CHIPS) \
	  sh $(ATTACK_DIR)/attack.sh $(ATTACK_SECONDS)

## docs-attack: docs/attack.md from the runs that `make attack` has logged
docs-attack:
	@sh $(ATTACK_DIR)/page.sh > docs/attack.md.tmp && mv docs/attack.md.tmp docs/attack.md
TEST_BUILD += $(B)/attack
