# SPDX-License-Identifier: Apache-2.0
# demo.mk: the program behind `make demo`, and the page of results it writes.

DEMO_OBJ := $(call obj,$(B),$(call src,tests/demo))
DEMO_LIB := $(B)/libtrine_sim_duo.so
DEMO_ONLY ?=
DEMO_COMMIT = $(shell git describe --always --dirty 2>/dev/null || echo unknown)
DEMO_TOOLS = $(shell $(VERILATOR) --version 2>/dev/null | cut -d' ' -f1-2), \
  gcc $(shell $(CC) -dumpfullversion 2>/dev/null)
DEMO_RUN = $(B)/demo --json $(B)/demo.json --markdown $(B)/demo.md --commit '$(DEMO_COMMIT)' \
  --tools '$(strip $(DEMO_TOOLS))' $(if $(DEMO_ONLY),--only '$(DEMO_ONLY)')

$(B)/obj/tests/demo/%: private INCLUDES += -Itests
$(B)/demo: $(DEMO_OBJ) $(addprefix $(B)/,libtrine_test.a libtrine_sw.a libtrine_driver.a)
	$(call say,LINK,$@)
	$(Q)$(CXX) -o $@ $(filter %.o,$^) -Wl,--start-group $(filter %.a,$^) -Wl,--end-group $(LDLIBS)

.PHONY: demo-run demo-selftest docs-results
demo-run: $(B)/demo $(DEMO_LIB)
	@$(DEMO_RUN)

## demo-selftest: the demo turns red when a stored byte is wrong
demo-selftest: $(B)/demo $(DEMO_LIB)
	@sh tests/demo/selftest.sh

## docs-results: run the demo and write docs/results.md
docs-results: $(B)/demo $(DEMO_LIB)
	@$(DEMO_RUN); status=$$?; cp $(B)/demo.md docs/results.md && exit $$status

TEST_BUILD += $(B)/demo
