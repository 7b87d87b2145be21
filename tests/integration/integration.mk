# SPDX-License-Identifier: Apache-2.0
# integration.mk: trine_top in a system of one's own (docs/integration.md).

.PHONY: integration gen-core fusesoc
## integration: the template of docs/integration.md in Verilator, trine.core against rtl/files.txt
integration:
	@sh tests/integration/integration.sh

## gen-core: write trine.core, for FuseSoC, from rtl/files.txt
gen-core:
	$(Q)sh sw/tools/core_file.sh > trine.core.tmp && mv trine.core.tmp trine.core

## fusesoc: both targets of trine.core by FuseSoC, of PyPI (needs Python and the network once)
fusesoc: $(B)/integration/venv/made
	@sh tests/integration/integration.sh fusesoc

$(B)/integration/venv/made: tests/integration/requirements.txt
	$(Q)python3 -m venv $(@D) && $(@D)/bin/pip install -q -r $< && touch $@
