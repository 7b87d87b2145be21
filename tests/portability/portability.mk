# SPDX-License-Identifier: Apache-2.0
# portability.mk: the quick suites with other compilers and another Verilator.

.PHONY: portability tools doctor-test
## doctor-test: tools of odd versions, of none, too old, broken or missing, and what is said of them
doctor-test:
	@sh tests/portability/doctor.sh

## portability: quick suites with clang, -O2, no rewriters, a newer Verilator (CASES=; an hour)
portability:
	@sh sw/tools/doctor.sh install demo test portability
	@sh tests/portability/run.sh $(CASES)

# One line of the tools that these variables mean.
tools:
	@echo "Verilator $$(sh sw/tools/verilator.sh version), $$($(CC) --version | head -n 1)"
