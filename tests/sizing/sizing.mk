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
	$(Q)awk -v base=duo -f tests/sizing/configs.awk $@.points rtl/configs.txt > $@.new
	$(Q)cmp -s $@.new $@ || mv $@.new $@
$(SIZING_ROWS): $(B)/sizing-configs.txt
$(SIZING_ROWS): export TRINE_CONFIGS := $(B)/sizing-configs.txt

# What chips take of an ECP5 by the Yosys that makes bitstreams: minutes for each, and each is kept
# until the RTL changes.
AREA_DIR := $(B)/fpga/area
AREA_NAMES := $(shell awk '!/^\#/ { print $$1 }' fpga/area_points.txt)
AREA_POINTS := $(AREA_NAMES:%=$(AREA_DIR)/%/cells)
$(AREA_DIR)/configs.txt: fpga/area_points.txt fpga/area.sh tests/sizing/configs.awk rtl/configs.txt
	$(Q)mkdir -p $(@D) && sh fpga/area.sh configs > $@.new && mv $@.new $@
$(AREA_POINTS): $(AREA_DIR)/%/cells: $(AREA_DIR)/configs.txt $(FPGA_ALL_RTL) rtl/files.txt \
    fpga/block.sh fpga/ecp5.ys fpga/cells.awk $(FPGA_VENV)/ready
	$(call say,SYNTH,$*)
	$(Q)TRINE_CONFIGS=$< sh fpga/block.sh $(FPGA_VENV) $(@D) $* trine_top

.PHONY: sizing-area sizing-area-check
## sizing-area: fpga/area.txt: chips synthesised for the model of area, minutes each
sizing-area: $(AREA_POINTS) $(B)/sizing
	@sh fpga/area.sh lines $(AREA_DIR) > $(AREA_DIR)/area.txt
	@cp $(AREA_DIR)/area.txt fpga/area.txt
	@$(B)/sizing area

## sizing-area-check: the model of area is within 10 % of the chips of fpga/area.txt
sizing-area-check: $(B)/sizing
	@$(B)/sizing area

TEST_BUILD += $(B)/sizing
