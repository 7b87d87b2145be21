# SPDX-License-Identifier: Apache-2.0
# fpga_sim.mk: tops of boards in simulation, their serial pins behind a pseudo-terminal, and the
# bench of bridge and memory.

# Few clocks a bit, so that bytes cost little time.
FPGA_SIM_CLOCKS := 4
# Every board with the configuration it gets without CONFIG.
FPGA_SIM_TESTED := $(foreach board,$(FPGA_BOARDS),\
  $(board)-$(shell sh fpga/board.sh config $(board)))
FPGA_SIMS := $(FPGA_SIM_TESTED:%=$(B)/fpga/sim/%/fpga_sim)
# arty holds the chip of colorlight_i5: its pins are for fpga-uart-all.
FPGA_UART_TESTED := $(filter-out arty-%,$(FPGA_SIM_TESTED))
FPGA_UART_SIMS := $(FPGA_UART_TESTED:%=$(B)/fpga/sim/%/fpga_sim)

$(B)/fpga/sim/%/trine_board_config.svh: $(FPGA_TABLES)
	$(Q)mkdir -p $(@D) && sh fpga/board.sh header $(call fpga_board,$*) $(call fpga_config,$*) \
	  $(FPGA_SIM_CLOCKS) > $@.new
	$(Q)if cmp -s $@.new $@; then rm $@.new; else mv $@.new $@; fi

# Files of the PLLs of boards are found by their module's name.
$(B)/fpga/sim/%/Vboard.mk: $(B)/fpga/sim/%/trine_board_config.svh rtl/files.txt $(FPGA_ALL_RTL) \
    $(wildcard fpga/sim/*.sv) $(SIM_MONITOR) fpga/sim/fpga_sim.mk tb/chip/pieces.sh
	$(call say,VERILAT,$*)
	$(Q)$(VERILATOR) --cc --exe --top-module $(call fpga_board,$*)_top --prefix Vboard -O3 \
	  --assert --x-assign fast --x-initial unique -Wall -Wno-fatal -Irtl/common -I$(@D) \
	  -y fpga/common -y fpga/sim -Mdir $(@D) -o fpga_sim $(SIM_WAIVERS) $(FPGA_SIM_RTL) \
	  $(abspath fpga/sim/fpga_sim.cpp) \
	  -CFLAGS '-std=c++17 -DFPGA_CLOCKS_PER_BIT=$(FPGA_SIM_CLOCKS)'
	$(Q)sh tb/chip/pieces.sh $(@D) || { rm -f $@; exit 1; }
FPGA_SIM_RTL = fpga/sim/models.vlt $(shell sed -e 's/\#.*//' rtl/files.txt) $(SIM_MONITOR) \
  fpga/$(call fpga_board,$*)/$(call fpga_board,$*)_top.sv

$(B)/fpga/sim/%/fpga_sim: $(B)/fpga/sim/%/Vboard.mk fpga/sim/fpga_sim.cpp fpga/sim/serial_line.h \
    $(B)/unit/runtime/built
	$(call say,CXX,$@)
	$(Q)cp $(B)/unit/runtime/*.o $(@D)
	+$(Q)$(VERILATED_MAKE) -C $(@D) -f Vboard.mk OPT_FAST="$(SIM_PLAIN_OPT)" OPT_SLOW="-O0" \
	  VM_PARALLEL_BUILDS=1 >/dev/null

.PHONY: fpga-sim
## fpga-sim: the top of BOARD=ulx3s in simulation, its serial pins behind a pseudo-terminal
fpga-sim:
	@sh fpga/board.sh check $(BOARD) $(FPGA_ASKED)
	@$(MAKE) --no-print-directory $(B)/fpga/sim/$(FPGA_NAME)/fpga_sim
	@$(B)/fpga/sim/$(FPGA_NAME)/fpga_sim

$(B)/obj/tests/fpga/%.o: INCLUDES += -Itests
$(B)/tests/npy_head: $(B)/obj/tests/fpga/npy_head.o $(B)/libtrine_sw.a
	$(call say,LINK,$@)
	$(Q)mkdir -p $(@D) && $(CXX) -o $@ $^ $(LDLIBS)

.PHONY: fpga-uart-test fpga-uart-all
## fpga-uart-test: networks through the serial pins of tops of boards in simulation
fpga-uart-test: $(FPGA_UART_SIMS) $(B)/trine $(B)/tests/npy_head
	@sh tests/fpga/uart_test.sh $(FPGA_UART_TESTED)
## fpga-uart-all: the same, of every board
fpga-uart-all: $(FPGA_SIMS) $(B)/trine $(B)/tests/npy_head
	@sh tests/fpga/uart_test.sh

# --- Bridge and memory through the pins, at the fewest clocks a bit and at an odd number ---
define uart_bench
$(B)/fpga/test_uart_$(1): fpga/sim/uart_bench.sv fpga/sim/test_uart.cpp fpga/sim/serial_line.h \
    $(FPGA_ALL_RTL) fpga/sim/fpga_sim.mk $(B)/unit/runtime/built $(B)/obj/tests/support/seed.o
	$$(call say,BENCH,uart_$(1))
	$$(Q)mkdir -p $$@.d && $$(VERILATOR) --cc --exe --assert -O3 -Wall --x-assign fast \
	  --x-initial unique -y rtl/common -y fpga/common -Irtl/common -GClocksPerBit=$(1) \
	  --top-module uart_bench --prefix Vuart_bench -Mdir $$@.d -o ../test_uart_$(1) \
	  fpga/sim/uart_bench.sv $(abspath fpga/sim/test_uart.cpp) \
	  -CFLAGS '-std=c++17 -DUART_CLOCKS=$(1) -I$(abspath tests)' \
	  -LDFLAGS '$(abspath $(B)/obj/tests/support/seed.o)'
	+$$(Q)$$(call unit_make,$$@.d,Vuart_bench.mk,-O1)
endef
$(eval $(call uart_bench,4))
$(eval $(call uart_bench,25))

.PHONY: fpga-unit
## fpga-unit: the bridge of the serial line and the on-chip memory against docs/uart_protocol.md
fpga-unit: $(B)/fpga/test_uart_4 $(B)/fpga/test_uart_25
	@for bench in $^; do $$bench || exit 1; done

# The tops with all below them, as the RTL of a configuration is linted.
.PHONY: lint-fpga $(FPGA_SIM_TESTED:%=lint-fpga-%)
lint-all: lint-fpga
lint-fpga: $(FPGA_SIM_TESTED:%=lint-fpga-%)
$(FPGA_SIM_TESTED:%=lint-fpga-%): lint-fpga-%: $(B)/fpga/sim/%/trine_board_config.svh
	$(call say,LINT,verilator $*)
	$(Q)$(VERILATOR) --lint-only -Wall --assert -Irtl/common -I$(<D) -y fpga/common -y fpga/sim \
	  --top-module $(call fpga_board,$*)_top $(SIM_WAIVERS) $(FPGA_SIM_RTL)

TEST_BUILD += $(FPGA_UART_SIMS) $(B)/tests/npy_head $(B)/fpga/test_uart_4 $(B)/fpga/test_uart_25

.PHONY: bring-up bring-up-renew
BRING_UP := $(if $(filter command line,$(origin BOARD)),$(BOARD))
BRING_UP_SIMS := $(if $(BRING_UP),$(filter $(B)/fpga/sim/$(BRING_UP)-%,$(FPGA_SIMS)),$(FPGA_SIMS))
## bring-up: the transcripts of docs/bring-up.md are what the simulated boards say, or BOARD=ulx3s
bring-up: $(BRING_UP_SIMS) $(B)/trine $(B)/tests/npy_head
	@sh tests/fpga/bring_up.sh check docs/bring-up.md $(BRING_UP)
## bring-up-renew: writes them
bring-up-renew: $(BRING_UP_SIMS) $(B)/trine $(B)/tests/npy_head
	@sh tests/fpga/bring_up.sh renew docs/bring-up.md $(BRING_UP)
