# SPDX-License-Identifier: Apache-2.0
# mutate.mk: tests that can fail: every committed break must be caught by the test it names.

## mutate: break RTL, driver and host side one line at a time; each must be caught (MUTANTS=)
mutate:
	@sh tests/mutate/run.sh $(MUTANTS)

# A chip that is quick to build again after a break of its RTL: its cores share their code and
# nothing sleeps, with all its assertions, without waveforms, hardly optimised. Those who use it set
# TRINE_LIB_DIR.
MUTATE_CHIPS := $(B)/mutant
MUTATE_CONFIG ?= duo

.PHONY: mutate-table mutate-set mutate-chip
mutate-chip:
	$(Q)$(MAKE) --no-print-directory B=$(MUTATE_CHIPS) PLAIN=0 WAKE=: SIM_OPT=-O1 \
	  SIM_NO_WAVES=$(MUTATE_CHIPS)/sim/$(MUTATE_CONFIG) \
	  $(MUTATE_CHIPS)/libtrine_sim_$(MUTATE_CONFIG).so

# The committed set of networks one by one, up to the first that differs: what a break of the chip
# shows in first. Which one that is changes with every change of the schedule.
mutate-set: $(B)/conformance mutate-chip
	@for n in $$(seq 0 $$(($(CONFORMANCE_SET_COUNT) - 1))); do \
	  TRINE_LIB_DIR=$(MUTATE_CHIPS) $(B)/conformance one $(CONFORMANCE_DIR)/set $$n duo || exit 1; done

## mutate-table: write docs/mutation.md from the results of `make mutate`
mutate-table:
	@sh tests/mutate/table.sh
