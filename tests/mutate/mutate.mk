# SPDX-License-Identifier: Apache-2.0
# mutate.mk: tests that can fail: every committed break must be caught by the test it names.

## mutate: break the RTL, driver and golden model one line at a time; each must be caught (MUTANTS=)
mutate:
	@sh tests/mutate/run.sh $(MUTANTS)

.PHONY: mutate-table
## mutate-table: write docs/mutation.md from the results of `make mutate`
mutate-table:
	@sh tests/mutate/table.sh
