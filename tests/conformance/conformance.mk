# SPDX-License-Identifier: Apache-2.0
# conformance.mk: golden model and RTL against the reference interpreter, at scale and on a set kept
# in tests/conformance/set.

CONFORMANCE_DIR := tests/conformance
CONFORMANCE_COUNT ?= 10000
CONFORMANCE_RTL ?= 1000
CONFORMANCE_SET_COUNT := 50
CONFORMANCE_OPERATORS_SET_COUNT := 90
CONFORMANCE_OBJ := $(call obj,$(B),$(call src,$(CONFORMANCE_DIR)))
CONFORMANCE_VENV := $(B)/venv-oracle
CONFORMANCE_ORACLE := $(CONFORMANCE_VENV)/bin/python -B $(CONFORMANCE_DIR)/oracle.py

$(B)/obj/$(CONFORMANCE_DIR)/%: private INCLUDES += -Itests
$(B)/conformance: $(CONFORMANCE_OBJ) $(addprefix $(B)/,$(CHECK_LIBS))
	$(call say,LINK,$@)
	$(Q)$(CXX) -o $@ $(CONFORMANCE_OBJ) -Wl,--start-group $(filter %.a,$^) -Wl,--end-group \
	  $(TEST_LDLIBS) $(LDLIBS)

# The only Python of the project; its packages are pinned.
$(CONFORMANCE_VENV)/done: $(CONFORMANCE_DIR)/requirements.txt
	$(call say,VENV,$(CONFORMANCE_VENV))
	$(Q)python3 -m venv $(CONFORMANCE_VENV)
	$(Q)$(CONFORMANCE_VENV)/bin/pip install -q --disable-pip-version-check -r $<
	$(Q)touch $@

.PHONY: conformance-tools conformance-run conformance-set conformance-set-run \
  conformance-set-remake conformance-operators conformance-operators-set \
  conformance-operators-set-remake
conformance-tools: $(B)/conformance $(CONFORMANCE_VENV)/done

## conformance: random stacks against the reference interpreter (needs the network once)
conformance:
	@sh sw/tools/doctor.sh install demo test python
	@$(MAKE) --no-print-directory $(PARALLEL) conformance-tools $(B)/libtrine_sim_$(CONFIG).so
	@$(MAKE) --no-print-directory conformance-run

## conformance-operators: networks with the operators of the host against the reference interpreter
conformance-operators:
	@$(MAKE) --no-print-directory conformance CONFORMANCE_DRAW=operators

CONFORMANCE_DRAW ?=
conformance-run:
	$(Q)rm -rf $(B)/conformance-cases && mkdir -p $(B)/conformance-cases
	$(Q)$(B)/conformance draw $(B)/conformance-cases $(CONFORMANCE_COUNT) \
	  $(CONFORMANCE_DRAW)
	$(Q)$(CONFORMANCE_ORACLE) $(B)/conformance-cases
	$(Q)CONFORMANCE_PROCESSES=$(NPROC) $(B)/conformance check $(B)/conformance-cases \
	  $(CONFORMANCE_COUNT) $(CONFIG) $(CONFORMANCE_RTL)

# On the plain chip (tb/tb.mk): what this proves rests on no rewriter.
CONFORMANCE_CHIPS ?= $(B)/plain
## conformance-set: the committed set of small stacks, golden model and RTL; no Python
conformance-set: $(B)/conformance $(CONFORMANCE_CHIPS)/libtrine_sim_$(CONFIG).so
	$(Q)TRINE_LIB_DIR=$(CONFORMANCE_CHIPS) CONFORMANCE_PROCESSES=$(NPROC) \
	  $(B)/conformance check $(CONFORMANCE_DIR)/set $(CONFORMANCE_SET_COUNT) $(CONFIG) \
	  $(CONFORMANCE_SET_COUNT)

## conformance-set-remake: draw the committed set and its results again
conformance-set-remake: conformance-tools
	$(Q)rm -rf $(CONFORMANCE_DIR)/set && mkdir -p $(CONFORMANCE_DIR)/set
	$(Q)TRINE_SEED=1 $(B)/conformance draw $(CONFORMANCE_DIR)/set $(CONFORMANCE_SET_COUNT) small
	$(Q)$(CONFORMANCE_ORACLE) $(CONFORMANCE_DIR)/set

## conformance-operators-set: the committed set of such networks, golden model and RTL; no Python
conformance-operators-set: $(B)/conformance $(CONFORMANCE_CHIPS)/libtrine_sim_$(CONFIG).so
	$(Q)TRINE_LIB_DIR=$(CONFORMANCE_CHIPS) CONFORMANCE_PROCESSES=$(NPROC) \
	  $(B)/conformance check $(CONFORMANCE_DIR)/operators $(CONFORMANCE_OPERATORS_SET_COUNT) \
	  $(CONFIG) 30

## conformance-operators-set-remake: draw that set and its results again
conformance-operators-set-remake: conformance-tools
	$(Q)rm -rf $(CONFORMANCE_DIR)/operators && mkdir -p $(CONFORMANCE_DIR)/operators
	$(Q)TRINE_SEED=1 $(B)/conformance draw $(CONFORMANCE_DIR)/operators \
	  $(CONFORMANCE_OPERATORS_SET_COUNT) operators-small
	$(Q)$(CONFORMANCE_ORACLE) $(CONFORMANCE_DIR)/operators

TEST_BUILD += $(B)/conformance
