# SPDX-License-Identifier: Apache-2.0
# reference.mk: the reference of the C interface: its pages, and the check that nothing is missing.

# The public headers (sw/library/headers.txt), and those that tests of a driver use; rows of
# configurations are generated where they are built.
REFERENCE_HEADERS := $(filter-out %/trine_internal.h,$(wildcard driver/*.h)) \
  $(wildcard $(addprefix sw/,$(shell awk '!/^\#/ && NF == 1' sw/library/headers.txt)))

# Pages whose names must be those of the headers.
REFERENCE_PAGES := README.md $(wildcard docs/*.md docs/reference/*.md)

.PHONY: reference lint-reference reference-selftest
## reference: pages on every public name of the C headers, in build/reference/html
reference:
	@sh sw/tools/doctor.sh check test
	$(call say,DOXYGEN,$(B)/reference/html)
	$(Q)sh tests/lint/reference.sh pages $(B)/reference docs/reference/reference.md \
	  $(REFERENCE_HEADERS)

lint-reference:
	$(call say,LINT,doxygen)
	$(Q)sh tests/lint/reference.sh check $(REFERENCE_HEADERS)
	$(Q)sh tests/lint/reference.sh names $(REFERENCE_PAGES)

## reference-selftest: each name without a word, error, lifetime or unit is seen by the check
reference-selftest:
	@sh tests/lint/reference.sh selftest
