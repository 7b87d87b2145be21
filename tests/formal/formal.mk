# SPDX-License-Identifier: Apache-2.0
# formal.mk: proofs with yosys-smtbmc and z3 or yosys-abc; see run.sh for what a proof is.

.PHONY: formal-deep

## formal: prove arbiter, FIFO, RAMs, flow control ... (PROOF=name for one of tests/formal)
formal:
	@sh tests/formal/run.sh $(if $(PROOF),-d $(wildcard $(addsuffix /$(PROOF).cfg,tests/formal \
	  tests/formal/flow)))

## formal-deep: formal, and flow control deeper, with each of its rules broken, in every situation
formal-deep:
	@sh tests/formal/run.sh -d tests/formal/*.cfg tests/formal/flow/*.cfg
