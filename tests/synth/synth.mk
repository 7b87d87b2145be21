# SPDX-License-Identifier: Apache-2.0
# synth.mk: synthesis of configurations with Yosys, and the synthesised chip in simulation.

SYNTH_RUN := sh tests/synth/run.sh
SYNTH_RTL = rtl/files.txt fpga/files.sh $(wildcard rtl/*.sv rtl/*/*.sv rtl/*/*.svh \
  rtl/common/*/*.sv)
SYNTH_TOOLS := $(addprefix tests/synth/,run.sh expect.awk warnings.awk) sw/tools/config.sh \
  rtl/lint/yosys_allowed.txt
# A configuration named on the command line is synthesised alone, to generic gates.
ifeq ($(origin CONFIG),command line)
SYNTH_WANTED := $(CONFIG)-generic
else
# The chip that `netlist-test` simulates: one synthesis for both.
SYNTH_WANTED := solo-ecp5
endif
SYNTH_ALL := solo-ecp5 nano-generic nano-ecp5 ulx3s-generic ulx3s-ecp5

.PHONY: synth-all synth-doc synth-selftest netlist-build netlist-test-lut netlist-lut-build
## synth: Yosys on solo (to an ECP5, and growth), or on CONFIG=name (gates): RAMs, multipliers
synth:
	@$(MAKE) --no-print-directory $(PARALLEL) -k \
	  $(patsubst %,$(B)/synth/%.counts,$(SYNTH_WANTED))
ifeq ($(SYNTH_WANTED),solo-ecp5)
	@$(MAKE) --no-print-directory growth GROWTH_CONFIGS=solo
endif

## synth-all: synth, nano and ulx3s, both to gates and to cells of an ECP5, and growth
synth-all:
	@$(MAKE) --no-print-directory $(PARALLEL) -k \
	  $(patsubst %,$(B)/synth/%.counts,$(SYNTH_ALL))
	@$(MAKE) --no-print-directory growth

$(B)/synth/%-generic.counts: $(B)/configs/% $(SYNTH_RTL) $(SYNTH_TOOLS)
	@$(SYNTH_RUN) generic $*
$(B)/synth/%-ecp5.counts: $(B)/configs/% $(SYNTH_RTL) $(SYNTH_TOOLS)
	@$(SYNTH_RUN) ecp5 $*
$(B)/synth/%-netlist.v $(B)/synth/%-mapped.il: $(B)/synth/%-ecp5.counts ;
$(B)/synth/%-luts.v: $(B)/synth/%-mapped.il tests/synth/flat.sh tests/synth/netlist.awk
	$(call say,FLATTEN,$*)
	$(Q)sh tests/synth/flat.sh $*

## synth-doc: the table of docs/synthesis.md from the last synthesis
synth-doc: $(B)/synth/nano-generic.counts $(B)/synth/ulx3s-generic.counts \
    $(B)/synth/ulx3s-ecp5.counts
	@sh tests/synth/table.sh docs/synthesis.md $(B)/synth

# --- Growth: what `synth` and `synth-all` counted on solo and ulx3s against fpga/growth.txt
GROWTH_CONFIGS ?= solo ulx3s
GROWTH_LINES = $(patsubst %,$(B)/synth/%-ecp5.growth,$(GROWTH_CONFIGS))
.PHONY: growth growth-renew
## growth: tables, RAMs, multipliers of solo and ulx3s by block: none above fpga/growth.txt by 3 %
growth: $(GROWTH_LINES)
	@cat $^ > $(B)/synth/growth
	@sh fpga/growth.sh check $(B)/synth/growth
## growth-renew: fpga/growth.txt from the installed Yosys
growth-renew: $(GROWTH_LINES)
	@cat $^ > $(B)/synth/growth
	@sh fpga/growth.sh renew $(B)/synth/growth
$(B)/synth/%-ecp5.growth: $(B)/synth/%-ecp5.counts fpga/growth.sh fpga/cells.awk
	$(Q)sh fpga/growth.sh lines "$$(yosys -V | awk '{ print $$2 }')" $* $(B)/synth/$*-ecp5.txt \
	  $(GROWTH_BLOCKS) > $@.new && mv $@.new $@

## synth-selftest: a latch, a warning, a wrong count and a block that has grown turn it red
synth-selftest:
	@sh tests/synth/selftest.sh
	@sh fpga/growth.sh selftest
	@sh tests/synth/cells.sh

.PHONY: wrappers-test
## wrappers-test: bodies of technology wrappers for a family are proven equal to the generic ones
wrappers-test:
	@sh tests/synth/wrappers.sh

# --- The netlist in simulation
# A model as any other, named CONFIG-netlist, but made of the netlist: no parameters are left to
# set, and the assertions, the probe and the view of a core are gone with the RTL. Warnings are
# off for these files alone: Yosys writes vectors of which single bits feed each other (UNOPTFLAT),
# and its cell models set initial values with non-blocking assignments.
NETLIST := $(if $(filter command line,$(origin CONFIG)),$(CONFIG),solo)
NETLIST_DIR := $(B)/sim/$(NETLIST)-netlist
NETLIST_CELLS = $(dir $(shell command -v yosys))../share/yosys/ecp5/cells_sim.v

$(NETLIST_DIR)/Vtrine_top.mk: $(B)/synth/$(NETLIST)-netlist.v tests/synth/ecp5_models.v \
    tests/synth/ecp5_mul.v tests/synth/cells.awk tb/chip/pieces.sh tests/synth/synth.mk
	$(call say,VERILAT,$(NETLIST)-netlist)
	$(Q)mkdir -p $(@D) && awk -f tests/synth/cells.awk $(NETLIST_CELLS) > $(@D)/cells.v
	$(Q){ echo '/* verilator tracing_off */' && cat tests/synth/ecp5_m*.v $(@D)/cells.v $<; } \
	  > $(@D)/all.v
	$(Q)$(VERILATOR) --cc --top-module trine_top --prefix Vtrine_top -O3 --trace-fst \
	  --x-assign fast --x-initial unique -Wno-lint -Wno-style -Wno-UNOPTFLAT -Wno-INITIALDLY \
	  -Mdir $(@D) $(@D)/all.v
	$(Q)sh tb/chip/pieces.sh $(@D) || { rm -f $@; exit 1; }

# Three utterances are simulated in a few seconds: no optimisation is quicker in all.
$(NETLIST_DIR)/Vtrine_top__ALL.a: $(NETLIST_DIR)/Vtrine_top.mk $(SIM_RUNTIME_DIR)/built
	$(call say,CXX,$(@D))
	$(Q)$(SIM_TAKE_RUNTIME)
	+$(Q)$(VERILATED_MAKE) -C $(@D) -f Vtrine_top.mk $(@F) \
	  OPT_FAST="-O0" OPT_SLOW="-O0" VM_PARALLEL_BUILDS=1 \
	  USER_CPPFLAGS='$(SIM_CXXFLAGS) $(SIM_HOOKS)' >/dev/null

# The command finds the library in its own folder: here the netlist goes by the name of its
# configuration.
$(B)/netlist/libtrine_sim_$(NETLIST).so: $(B)/libtrine_sim_$(NETLIST)-netlist.so
	$(Q)mkdir -p $(@D) && cp $< $@
$(B)/netlist/trine: $(B)/trine
	$(Q)mkdir -p $(@D) && cp $< $@

# Registers and RAMs start with random values: no result may come from what power-up leaves.
$(NETLIST_DIR)/chip.o $(B)/sim/$(NETLIST)-luts/chip.o: \
  private SIM_HOOKS += -DTRINE_SIM_RANDOM_POWER_UP

## netlist-test: the synthesised chip of CONFIG (solo) gives the same bits for three utterances
netlist-test:
	@$(MAKE) --no-print-directory $(PARALLEL) netlist-build
	@sh tests/synth/netlist.sh $(B)/netlist $(NETLIST)

netlist-build: $(B)/trine $(B)/netlist/trine $(B)/netlist/libtrine_sim_$(NETLIST).so \
  $(B)/tests/npy_head

# --- The same after the mapping to lookup tables: what is placed on the chip
LUTS_DIR := $(B)/sim/$(NETLIST)-luts
LUTS_SRC := tests/synth/ecp5_models.v tests/synth/ecp5_mul.v \
  tests/synth/ecp5_cells.v $(B)/synth/$(NETLIST)-luts.v

# No signal is traced: their names say nothing, and the code for it is a third of the whole.
$(LUTS_DIR)/Vtrine_top.mk: $(LUTS_SRC) tb/chip/pieces.sh tests/synth/synth.mk
	$(call say,VERILAT,$(NETLIST)-luts)
	$(Q)mkdir -p $(@D) && { echo '/* verilator tracing_off */' && cat $(LUTS_SRC); } > $(@D)/all.v
	$(Q)$(VERILATOR) --cc --top-module trine_top --prefix Vtrine_top -O3 --trace-fst \
	  --x-assign fast --x-initial unique -Wno-lint -Wno-style --output-split 20000 \
	  --output-split-cfuncs 2000 -Mdir $(@D) $(@D)/all.v
	$(Q)sh tb/chip/pieces.sh $(@D) || { rm -f $@; exit 1; }

$(LUTS_DIR)/Vtrine_top__ALL.a: $(LUTS_DIR)/Vtrine_top.mk $(SIM_RUNTIME_DIR)/built
	$(call say,CXX,$(@D))
	$(Q)$(SIM_TAKE_RUNTIME)
	+$(Q)$(VERILATED_MAKE) -C $(@D) -f Vtrine_top.mk $(@F) \
	  OPT_FAST="-O1" OPT_SLOW="-O0" VM_PARALLEL_BUILDS=1 \
	  USER_CPPFLAGS='$(SIM_CXXFLAGS) $(SIM_HOOKS)' >/dev/null

$(B)/netlist-lut/libtrine_sim_$(NETLIST).so: $(B)/libtrine_sim_$(NETLIST)-luts.so
	$(Q)mkdir -p $(@D) && cp $< $@
$(B)/netlist-lut/trine: $(B)/trine
	$(Q)mkdir -p $(@D) && cp $< $@

## netlist-test-lut: the same on lookup tables and carry cells instead of words; takes minutes
netlist-test-lut:
	@sh tests/synth/cells.sh
	@$(MAKE) --no-print-directory $(PARALLEL) netlist-lut-build
	@sh tests/synth/netlist.sh $(B)/netlist-lut $(NETLIST)

netlist-lut-build: $(B)/trine $(B)/netlist-lut/trine $(B)/netlist-lut/libtrine_sim_$(NETLIST).so \
  $(B)/tests/npy_head
