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

# The program that the README shows, compiled with the headers as they are installed; with the
# sanitizers too, which see a leak.
README_PROGRAM := sw/examples/first
$(B)/obj/$(README_PROGRAM).o $(B)/asan/obj/$(README_PROGRAM).o $(B)/analyse/$(README_PROGRAM): \
  | $(B)/include/trine/made
$(B)/example: $(B)/obj/$(README_PROGRAM).o $(addprefix $(B)/,libtrine_sw.a libtrine_driver.a)
$(B)/asan/example: $(B)/asan/obj/$(README_PROGRAM).o \
    $(addprefix $(B)/asan/,libtrine_sw.a libtrine_driver.a)
$(B)/asan/example: README_FLAGS := $(ASAN)
$(B)/example $(B)/asan/example:
	$(call say,LINK,$@)
	$(Q)$(CXX) $(README_FLAGS) -o $@ $(filter %.o,$^) -Wl,--start-group $(filter %.a,$^) \
	  -Wl,--end-group $(LDLIBS)

.PHONY: example docs-check docs-parts
## example: build and run the program that the README shows (sw/examples/first.c)
example: $(B)/example $(B)/asan/example $(B)/libtrine_sim_duo.so
	@$(B)/example && $(B)/asan/example >/dev/null

## docs-check: links, program, tables and module list of the documents are those of the tree
docs-check:
	@sh tests/readme/docs.sh

## docs-parts: rewrite the parts of the documents that are made from the tree
docs-parts:
	@sh tests/readme/sections.sh write

TEST_BUILD += $(B)/example $(B)/asan/example
