# SPDX-License-Identifier: Apache-2.0
# portability.mk: the quick suites with other compilers and another Verilator.

.PHONY: portability docs-portability tools doctor-test
## doctor-test: tools of odd versions, of none, too old, broken or missing, and what is said of them
doctor-test:
	@sh tests/portability/doctor.sh

## portability: quick suites with other tools and on 32 bits (CASES=; hours); docs-portability
portability:
	@sh sw/tools/doctor.sh install demo test portability
	@sh tests/portability/run.sh $(CASES)

## docs-portability: docs/portability.md from the results that `make portability` kept
docs-portability:
	@sh tests/portability/page.sh > docs/portability.md.tmp && \
	  mv docs/portability.md.tmp docs/portability.md

# The tools that these variables mean, one a line.
tools:
	@CC='$(CC)' CXX='$(CXX)' AR='$(AR)' sh tests/portability/tools.sh '$(SIM_PLAIN)'
