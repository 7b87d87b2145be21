# SPDX-License-Identifier: Apache-2.0
# formal.mk: proofs with yosys-smtbmc and z3; see run.sh for what a proof is.

## formal: prove the arbiter, the FIFO and flow control (PROOF=name for one of tests/formal)
formal:
	@sh tests/formal/run.sh $(if $(PROOF),tests/formal/$(PROOF).cfg)
