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
# Statements of different lanes made into one of vectors are slower by a tenth.
SIM_OPT := -O3 -fno-tree-slp-vectorize
SIM_CXXFLAGS := -std=c++17 -fPIC -fvisibility=hidden -fno-gnu-unique
VERILATOR ?= verilator
VERILATOR_ROOT ?= $(shell $(VERILATOR) --getenv VERILATOR_ROOT 2>/dev/null)
# The cores run one copy of their code, in pieces that fit an instruction cache (tb/share,
# docs/decisions/2026-11-28-shared-code.md). With the data-flow optimiser the code is longer. What
# has nothing to do sleeps (tb/wake); conditions that are merged would keep it awake.
SIM_CODE_FLAGS := --output-split-cfuncs 1000 -fno-dfg -fno-merge-cond
VERILATOR_FLAGS := --cc --top-module trine_top --prefix Vtrine_top -O3 --assert --trace-fst \
  --x-assign fast --x-initial unique -Wno-lint -Wno-style -DTRINE_PROBE -Irtl/common -Irtl/pkg \
  $(SIM_CODE_FLAGS)
# `make wake-rates` adds a word, `make wake-test` builds a model without (tb/wake/wake.mk).
WAKE = $(B)/wake $(@D) tb/wake/rates.txt
# Half of the code of a chip writes waveforms; for 16 cores of 512 MACs that would be 90 MB of it.
SIM_NO_WAVES := big
SIM_SHARE := tb/share/ports.awk tb/share/merge.awk tb/share/merge.sh
SIM_MAKE = $(MAKE) --no-print-directory -s -C $(@D) -f Vtrine_top.mk OPT_SLOW="-O1" \
  OPT_GLOBAL="-O2" \
  USER_CPPFLAGS='$(SIM_CXXFLAGS) $(SIM_HOOKS) -include $(abspath tb/wake/changed.h)'

# Lint is the job of `make lint`, so its warnings are off here; the others still stop the build.
# Files of rtl/ with a waiver list for Verilator, if there is one.
SIM_WAIVERS := $(wildcard rtl/lint/*.vlt)

$(B)/sim/%/Vtrine_top.mk: rtl/files.txt rtl/configs.txt \
    $(wildcard rtl/*.sv rtl/*/*.sv rtl/*/*.svh) tb/model/trine_probe.sv tb/model/trine_view.sv \
    tb/tb.mk $(SIM_SHARE) $(B)/wake tb/wake/rates.txt $(SIM_WAIVERS)
	$(call say,VERILAT,$*)
	$(Q)mkdir -p $(@D) && awk -f tb/share/ports.awk rtl/core/trine_core.sv > $(@D)/core.vlt
	$(Q)$(VERILATOR) $(filter-out $(if $(filter $*,$(SIM_NO_WAVES)),--trace-fst),$(VERILATOR_FLAGS)) \
	  $$(sh sw/tools/config.sh verilator $*) -Mdir $(@D) \
	  $(SIM_WAIVERS) $(@D)/core.vlt $(SIM_RTL)
	$(Q)sh tb/share/merge.sh $(@D) && $(WAKE) || { rm -f $@; exit 1; }

$(B)/sim/%/Vtrine_top__ALL.a: $(B)/sim/%/Vtrine_top.mk tb/model/sim_print.h tb/wake/changed.h
	$(call say,CXX,$(@D))
	+$(Q)$(SIM_MAKE) OPT_FAST="-O1" $$(cd $(@D) && ls | sed -n 's/\(.*__Trace__.*\)cpp$$/\1o/p') \
	  $(addsuffix .o,$(SIM_RUNTIME)) VM_TRACE=1 VM_TRACE_FST=1 >/dev/null
	+$(Q)$(SIM_MAKE) OPT_FAST="$(SIM_OPT)" $(@F) >/dev/null

define sim_object
$(B)/sim/%/model/$(1).o: tb/model/$(1).cpp $(wildcard tb/model/*.h) tests/support/seed.h \
    $(B)/sim/%/Vtrine_top.mk
	$$(Q)mkdir -p $$(@D) && $(CXX) $(SIM_CXXFLAGS) -O3 -Wall -Wextra -Wshadow \
	  -DTRINE_CONFIG_NAME='"$$*"' $(SIM_HOOKS) -DVM_TRACE=1 -DVM_TRACE_FST=1 \
	  $$(if $$(filter $$*,$$(SIM_NO_WAVES)),-DTRINE_SIM_NO_WAVES) \
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
	  $(B)/sim/$*/Vtrine_top__ALL.a -lz

# The backend belongs to the driver's library for everything that is linked here.
$(B)/obj/tb/% $(B)/asan/obj/tb/% $(B)/obj/sw/cli/%: INCLUDES += -Itb
$(B)/obj/tests/unit/test_driver_backends.o $(B)/asan/obj/tests/unit/test_driver_backends.o: \
  INCLUDES += -Itb
$(B)/libtrine_driver.a: $(B)/obj/tb/model/sim_backend.o
$(B)/asan/libtrine_driver.a: $(B)/asan/obj/tb/model/sim_backend.o

.PRECIOUS: $(B)/sim/%/Vtrine_top.mk $(B)/sim/%/Vtrine_top__ALL.a \
  $(foreach name,$(SIM_SRC),$(B)/sim/%/model/$(name).o)

.PHONY: share-test
## share-test: the 16 cores of `big` run one copy of their code, and give the golden model's bits
share-test: $(B)/trine $(B)/libtrine_sim_big.so
	@sh tb/share/selftest.sh
	@! grep -h 'BRA__[1-9][0-9]*__KET____DOT__u_core__[0-9]*(.*) {$$' $(B)/sim/big/*DepSet*.cpp
	$(Q)for mode in helper hybrid; do $(B)/trine run tests/models/vad.tflite --config big \
	  --input tests/models/vad_xq.npy --mode $$mode --cores 16 --check | grep exact || exit 1; done
