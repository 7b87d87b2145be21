# SPDX-License-Identifier: Apache-2.0
# tb.mk: the Verilated model of a configuration as a shared library, and the bus that loads it.
#
# build/libtrine_sim_NAME.so is made of the chip translated by Verilator (build/sim/NAME) and the
# files of tb/model. Only trine_sim_api is visible, and no symbol is shared between libraries, so
# several configurations may be loaded side by side.

SIM_RTL = $(shell sed -e 's/\#.*//' rtl/files.txt) tb/model/trine_probe.sv tb/model/trine_view.sv
# Verilator's own run-time files for a model with FST and DPI.
SIM_RUNTIME := verilated verilated_dpi verilated_fst_c verilated_threads
SIM_SRC := axi_memory sim trine_sim
SIM_HOOKS := -include $(abspath tb/model/sim_print.h) -DVL_PRINTF=trine_sim_print \
  -DVL_USER_STOP -DVL_USER_FATAL -DVL_USER_FINISH
SIM_CXXFLAGS := -std=c++17 -fPIC -fvisibility=hidden -fno-gnu-unique
VERILATOR ?= verilator
VERILATOR_ROOT ?= $(shell $(VERILATOR) --getenv VERILATOR_ROOT 2>/dev/null)
VERILATOR_FLAGS := --cc --top-module trine_top --prefix Vtrine_top -O3 --assert --trace-fst \
  --x-assign fast --x-initial unique -Wno-lint -Wno-style -DTRINE_PROBE -Irtl/common -Irtl/pkg

# Chips of many cores are built in blocks: the core is translated and compiled once, and called
# once for each. `big` builds in half a minute that way; its model has no waveforms, and is slower
# a cycle than one without blocks would be (docs/simulation.md).
SIM_BLOCKS := big
# Verilator takes no parameters of the top module together with blocks: they go into a copy of it.
SIM_BLOCK_FLAGS := --hierarchical -Wno-UNOPTFLAT tb/model/blocks.vlt

# Lint is the job of `make lint`, so its warnings are off here; the others still stop the build.
# Files of rtl/ with a waiver list for Verilator, if there is one.
SIM_WAIVERS := $(wildcard rtl/lint/*.vlt)

$(B)/sim/%/Vtrine_top.mk: rtl/files.txt rtl/configs.txt \
    $(wildcard rtl/*.sv rtl/*/*.sv rtl/*/*.svh) tb/model/trine_probe.sv tb/model/trine_view.sv \
    tb/tb.mk $(SIM_WAIVERS)
	$(call say,VERILAT,$*)
	$(Q)mkdir -p $(@D) && $(VERILATOR) $(VERILATOR_FLAGS) $$(sh sw/tools/config.sh verilator $*) \
	  -Mdir $(@D) $(SIM_WAIVERS) $(SIM_RTL)

$(addprefix $(B)/sim/,$(addsuffix /Vtrine_top.mk,$(SIM_BLOCKS))): $(B)/sim/%/Vtrine_top.mk: \
    rtl/files.txt rtl/configs.txt $(wildcard rtl/*.sv rtl/*/*.sv rtl/*/*.svh) tb/tb.mk \
    tb/model/trine_probe.sv tb/model/trine_view.sv tb/model/blocks.vlt $(SIM_WAIVERS)
	$(call say,VERILAT,$* in blocks)
	$(Q)mkdir -p $(@D) && sh sw/tools/config.sh top $* rtl/trine_top.sv > $(@D)/trine_top.sv
	$(Q)$(VERILATOR) $(filter-out --trace-fst,$(VERILATOR_FLAGS)) $(SIM_BLOCK_FLAGS) \
	  -Mdir $(@D) $(SIM_WAIVERS) $(filter-out rtl/trine_top.sv,$(SIM_RTL)) $(@D)/trine_top.sv \
	  > $(@D)/verilator.log 2>&1 || { tail -n 20 $(@D)/verilator.log >&2; exit 1; }

$(addprefix $(B)/sim/,$(addsuffix /Vtrine_top__ALL.a,$(SIM_BLOCKS))): \
    $(B)/sim/%/Vtrine_top__ALL.a: $(B)/sim/%/Vtrine_top.mk tb/model/sim_print.h
	$(call say,CXX,$(@D))
	$(Q)$(MAKE) --no-print-directory -s -C $(@D) -f Vtrine_top_hier.mk hier_build \
	  OPT_FAST="-O3" OPT_SLOW="-O1" OPT_GLOBAL="-O2" \
	  USER_CPPFLAGS='$(SIM_CXXFLAGS) $(SIM_HOOKS)' >/dev/null
	$(Q)$(MAKE) --no-print-directory -s -C $(@D) -f Vtrine_top.mk \
	  $(addsuffix .o,$(SIM_RUNTIME)) OPT_FAST="-O3" OPT_SLOW="-O1" OPT_GLOBAL="-O2" \
	  VM_TRACE=1 VM_TRACE_FST=1 USER_CPPFLAGS='$(SIM_CXXFLAGS) $(SIM_HOOKS)' >/dev/null

$(B)/sim/%/Vtrine_top__ALL.a: $(B)/sim/%/Vtrine_top.mk tb/model/sim_print.h
	$(call say,CXX,$(@D))
	$(Q)$(MAKE) --no-print-directory -s -C $(@D) -f Vtrine_top.mk $(@F) \
	  $(addsuffix .o,$(SIM_RUNTIME)) OPT_FAST="-O3" OPT_SLOW="-O1" OPT_GLOBAL="-O2" \
	  USER_CPPFLAGS='$(SIM_CXXFLAGS) $(SIM_HOOKS)' >/dev/null

define sim_object
$(B)/sim/%/model/$(1).o: tb/model/$(1).cpp $(wildcard tb/model/*.h) tests/support/seed.h \
    $(B)/sim/%/Vtrine_top.mk
	$$(Q)mkdir -p $$(@D) && $(CXX) $(SIM_CXXFLAGS) -O3 -Wall -Wextra -Wshadow \
	  -DTRINE_CONFIG_NAME='"$$*"' $(SIM_HOOKS) -DVM_TRACE=1 -DVM_TRACE_FST=1 \
	  $$(if $$(filter $$*,$$(SIM_BLOCKS)),-DTRINE_SIM_BLOCKS) \
	  -isystem $(VERILATOR_ROOT)/include -isystem $(VERILATOR_ROOT)/include/vltstd \
	  -isystem $(B)/sim/$$* -Itb -Itests -c -o $$@ $$<
endef
$(foreach name,$(SIM_SRC),$(eval $(call sim_object,$(name))))

$(B)/sim/seed.o: tests/support/seed.c tests/support/seed.h
	$(Q)mkdir -p $(@D) && $(CC) $(CFLAGS) -fPIC -fvisibility=hidden -Itests -c -o $@ $<

$(B)/libtrine_sim_%.so: $(addprefix $(B)/sim/%/model/,$(addsuffix .o,$(SIM_SRC))) $(B)/sim/seed.o \
    $(B)/sim/%/Vtrine_top__ALL.a tb/model/exports.map
	$(call say,LINK,$@)
	$(Q)$(CXX) -shared -Wl,-Bsymbolic -Wl,--version-script=tb/model/exports.map -o $@ \
	  $(filter %.o,$^) $(addprefix $(B)/sim/$*/,$(addsuffix .o,$(SIM_RUNTIME))) \
	  $(B)/sim/$*/Vtrine_top__ALL.a $(wildcard $(B)/sim/$*/Vtrine_core*/lib*.a) -lz

# The backend belongs to the driver's library for everything that is linked here.
$(B)/obj/tb/% $(B)/asan/obj/tb/% $(B)/obj/sw/cli/%: INCLUDES += -Itb
$(B)/libtrine_driver.a: $(B)/obj/tb/model/sim_backend.o
$(B)/asan/libtrine_driver.a: $(B)/asan/obj/tb/model/sim_backend.o

.PRECIOUS: $(B)/sim/%/Vtrine_top.mk $(B)/sim/%/Vtrine_top__ALL.a \
  $(foreach name,$(SIM_SRC),$(B)/sim/%/model/$(name).o)

.PHONY: blocks-test
## blocks-test: a network on the 16 cores of `big`, which is built in blocks, bit for bit
blocks-test: $(B)/trine $(B)/libtrine_sim_big.so
	$(Q)for mode in helper hybrid; do $(B)/trine run tests/models/vad.tflite --config big \
	  --input tests/models/vad_xq.npy --mode $$mode --cores 16 --check | grep exact || exit 1; done
