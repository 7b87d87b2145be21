# SPDX-License-Identifier: Apache-2.0
# heads.mk: SOFTMAX, LOGISTIC, ARG_MAX and operators on two rows against the reference interpreter,
# at scale and on a set kept in tests/heads/set.

HEADS_DIR := tests/heads
HEADS_COUNT ?= 8000
HEADS_SET_COUNT := 96
HEADS_OBJ := $(call obj,$(B),$(call src,$(HEADS_DIR)))
# The interpreter and its environment are those of tests/conformance.
HEADS_ORACLE = $(CONFORMANCE_ORACLE)

$(B)/obj/$(HEADS_DIR)/%: private INCLUDES += -Itests
$(B)/heads: $(HEADS_OBJ) $(B)/libtrine_test.a $(B)/libtrine_sw.a $(B)/libtrine_driver.a
	$(call say,LINK,$@)
	$(Q)$(CXX) -o $@ $(HEADS_OBJ) -Wl,--start-group $(filter %.a,$^) -Wl,--end-group $(LDLIBS)

.PHONY: heads-conformance heads-set heads-set-remake
## heads-conformance: SOFTMAX, LOGISTIC, ARG_MAX against the reference interpreter (network once)
heads-conformance: $(B)/heads $(B)/venv-oracle/done
	$(Q)rm -rf $(B)/heads-cases && mkdir -p $(B)/heads-cases
	$(Q)$(B)/heads draw $(B)/heads-cases $(HEADS_COUNT) heads
	$(Q)$(HEADS_ORACLE) $(B)/heads-cases
	$(Q)$(B)/heads check $(B)/heads-cases $(HEADS_COUNT)

## heads-set: the committed results of the reference for SOFTMAX, LOGISTIC, ARG_MAX; no Python
heads-set: $(B)/heads
	$(Q)$(B)/heads check $(HEADS_DIR)/set $(HEADS_SET_COUNT)

## heads-set-remake: draw that set and its results again
heads-set-remake: $(B)/heads $(B)/venv-oracle/done
	$(Q)rm -rf $(HEADS_DIR)/set && mkdir -p $(HEADS_DIR)/set
	$(Q)TRINE_SEED=1 $(B)/heads draw $(HEADS_DIR)/set $(HEADS_SET_COUNT) 'heads set'
	$(Q)$(HEADS_ORACLE) $(HEADS_DIR)/set

TEST_BUILD += $(B)/heads
