# SPDX-License-Identifier: Apache-2.0
# readme.mk: the README's commands in a bare Debian, its program, and what the documents say of the
# tree.

## readme-test: run the README's commands in a bare Debian and compare what they print
readme-test:
	@sh tests/readme/run.sh $(README)

.PHONY: readme-selftest test-bare
## test-bare: install and run all of make test in a bare Debian (root, network, half an hour)
test-bare:
	@sh tests/readme/run.sh tests/readme/bare.md

readme-selftest:
	@sh tests/readme/selftest.sh

README_OBJ := $(call obj,$(B),tests/readme/example.c)
$(B)/example: $(README_OBJ) $(addprefix $(B)/,libtrine_sw.a libtrine_driver.a)
	$(call say,LINK,$@)
	$(Q)$(CXX) -o $@ $(README_OBJ) -Wl,--start-group $(filter %.a,$^) -Wl,--end-group $(LDLIBS)

.PHONY: example docs-check docs-parts
## example: build and run the program that the README shows (tests/readme/example.c)
example: $(B)/example $(B)/libtrine_sim_duo.so
	@$(B)/example

## docs-check: links, program, tables and module list of the documents are those of the tree
docs-check:
	@sh tests/readme/docs.sh

## docs-parts: rewrite the parts of the documents that are made from the tree
docs-parts:
	@sh tests/readme/sections.sh write

TEST_BUILD += $(B)/example
