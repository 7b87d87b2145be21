# SPDX-License-Identifier: Apache-2.0
# mutate.mk: tests that can fail: every committed break must be caught by the test it names.

## mutate: break the RTL, driver and golden model one line at a time; each must be caught (MUTANTS=)
mutate:
	@sh tests/mutate/run.sh $(MUTANTS)

.PHONY: mutate-table mutate-set
# The committed set of networks one by one, up to the first that differs: what a break of the chip
# shows in first. Which one that is changes with every change of the schedule.
mutate-set: $(B)/conformance $(B)/libtrine_sim_duo.so
	@for n in $$(seq 0 $$(($(CONFORMANCE_SET_COUNT) - 1))); do \
	  $(B)/conformance one $(CONFORMANCE_DIR)/set $$n duo || exit 1; done

## mutate-table: write docs/mutation.md from the results of `make mutate`
mutate-table:
	@sh tests/mutate/table.sh
