# SPDX-License-Identifier: Apache-2.0
# fpga.mk: from the RTL to a bitstream, and the same top in simulation behind a pseudo-terminal.
#
# Everything of a board is below build/fpga/BOARD. Synthesis and place and route are the pinned
# packages of fpga/requirements.txt, in a virtual environment of their own.

BOARD ?= ulx3s
FPGA_BOARDS := $(notdir $(wildcard fpga/*/*_top.sv))
FPGA_RTL = $(shell sed -e 's/\#.*//' rtl/files.txt) $(wildcard fpga/common/*.sv) \
  fpga/ulx3s/ulx3s_top.sv
FPGA_ALL_RTL := $(wildcard rtl/*.sv rtl/*/*.sv rtl/*/*.svh fpga/*/*.sv)

# --- Simulation: few clocks a bit, so that bytes cost little time ---
FPGA_SIM_CLOCKS := 4
FPGA_SIM := $(B)/fpga/sim/fpga_sim

$(B)/fpga/sim/Vulx3s_top.mk: rtl/files.txt rtl/configs.txt $(FPGA_ALL_RTL) fpga/fpga.mk
	$(call say,VERILAT,ulx3s_top)
	$(Q)mkdir -p $(@D) && $(VERILATOR) --cc --exe --top-module ulx3s_top --prefix Vulx3s_top -O3 \
	  --assert --x-assign fast --x-initial unique -Wall -Wno-fatal -Irtl/common \
	  $$(sh sw/tools/config.sh verilator ulx3s) -GClocksPerBit=$(FPGA_SIM_CLOCKS) \
	  -Mdir $(@D) -o fpga_sim $(SIM_WAIVERS) $(FPGA_RTL) $(abspath fpga/sim/fpga_sim.cpp) \
	  -CFLAGS '-std=c++17 -DFPGA_CLOCKS_PER_BIT=$(FPGA_SIM_CLOCKS)'

$(FPGA_SIM): $(B)/fpga/sim/Vulx3s_top.mk fpga/sim/fpga_sim.cpp fpga/sim/serial_line.h
	$(call say,CXX,$@)
	$(Q)$(MAKE) --no-print-directory -s -C $(@D) -f Vulx3s_top.mk OPT_FAST="-O3" OPT_SLOW="-O1" \
	  OPT_GLOBAL="-O2" >/dev/null

.PHONY: fpga-sim fpga-bridge-test fpga-report
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
