# SPDX-License-Identifier: Apache-2.0
# sizing.mk: which shape of the cores is best for which network, by the planner (docs/sizing.md).

SIZING_OBJ := $(call obj,$(B),$(call src,tests/sizing) \
  tests/bench/work.c tests/bench/device.c tests/bench/cases.c tests/bench/report_svg.c)
SIZING_POINTS := 1 2 3 4 5
SIZING_LIBS := $(SIZING_POINTS:%=$(B)/libtrine_sim_sizing-%.so)
SIZING_ROWS := $(SIZING_POINTS:%=$(B)/configs/sizing-%)
# What a forecast depends on: those of another tree are not mixed in.
SIZING_INPUTS = $(shell cat $$(find sw/planner driver tests/support/random_network.c \
  tests/sizing/networks.c tests/sizing/shapes.c -type f | LC_ALL=C sort) | cksum | cut -d' ' -f1)
SIZING_DIR := $(B)/sizing-pages
SIZING_RESULTS = $(SIZING_DIR)/forecasts-$(SIZING_INPUTS).txt

$(B)/obj/tests/sizing/%: private INCLUDES += -Itests
$(B)/sizing: $(SIZING_OBJ) $(addprefix $(B)/,libtrine_test.a libtrine_sw.a libtrine_driver.a)
	$(call say,LINK,$@)
	$(Q)$(CXX) -o $@ $(filter %.o,$^) -Wl,--start-group $(filter %.a,$^) -Wl,--end-group $(LDLIBS)

.PHONY: sizing sizing-check sizing-page sizing-forecast sizing-selftest
## sizing: docs/sizing.md and its plot: the best cores for each network and MAC budget, restartable
sizing: sizing-forecast
	@$(MAKE) --no-print-directory sizing-page

sizing-forecast: $(B)/sizing
	@mkdir -p $(SIZING_DIR)
	@$(B)/sizing forecast $(SIZING_RESULTS)

sizing-page: $(B)/sizing
	@$(B)/sizing tables $(SIZING_RESULTS) $(SIZING_DIR)
	@cp $(SIZING_DIR)/plot.svg docs/sizing.svg
	@awk -v folder=$(SIZING_DIR) -f sw/tools/page.awk docs/sizing.md > $(SIZING_DIR)/page
	@cmp -s $(SIZING_DIR)/page docs/sizing.md || cp $(SIZING_DIR)/page docs/sizing.md

## sizing-check: five points of docs/sizing.md on simulated accelerators, predicted beside measured
sizing-check: sizing-forecast $(B)/sizing-configs.txt
	@$(MAKE) --no-print-directory $(SIZING_LIBS)
	@$(B)/sizing measure $(SIZING_RESULTS) $(SIZING_DIR)
	@cat $(SIZING_DIR)/measured.md
	@$(MAKE) --no-print-directory sizing-page

sizing-selftest: $(B)/sizing
	@sh tests/sizing/selftest.sh $(B)/sizing $(SIZING_DIR)-selftest

# Their configurations are not in rtl/configs.txt, but in a table made like it.
$(B)/sizing-configs.txt: $(B)/sizing tests/sizing/configs.awk rtl/configs.txt
	$(Q)$(B)/sizing points > $@.points
	$(Q)awk -f tests/sizing/configs.awk $@.points rtl/configs.txt > $@.new
	$(Q)cmp -s $@.new $@ || mv $@.new $@
$(SIZING_ROWS): $(B)/sizing-configs.txt
$(SIZING_ROWS): export TRINE_CONFIGS := $(B)/sizing-configs.txt

TEST_BUILD += $(B)/sizing
