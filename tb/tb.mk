# SPDX-License-Identifier: Apache-2.0
# tb.mk: the Verilated model of a configuration as a shared library; sw/sim loads it.
#
# build/libtrine_sim_NAME.so is made of the chip translated by Verilator (build/sim/NAME) and the
# files of tb/chip. Only trine_sim_api is visible, and no symbol is shared between libraries, so
# several configurations may be loaded side by side.
#
# tb/share and tb/wake rewrite what Verilator wrote, so that it is fast. build/plain has the same
# chips as Verilator wrote them; the suites that prove the chip right run on those
# (docs/decisions/2026-11-29-plain-chips.md). With PLAIN=1, or a Verilator whose C++ the rewriters
# were not made for, those of build are plain too.

# Bound to every simulated chip from outside: the product has no wire of them. Boards have the
# monitor (fpga/sim).
SIM_MONITOR := tb/chip/trine_monitor.sv
SIM_WATCH := tb/chip/trine_probe.sv tb/chip/trine_view.sv $(SIM_MONITOR)
SIM_RTL = $(shell sed -e 's/\#.*//' rtl/files.txt) $(SIM_WATCH)
# Verilator's own run-time files for a model with FST and DPI.
SIM_RUNTIME := verilated verilated_dpi verilated_fst_c verilated_threads
SIM_SRC := $(addprefix tb/chip/,axi_memory.cpp sim.cpp trine_sim.cpp)
SIM_HOOKS := -include $(abspath tb/chip/sim_print.h) -DVL_PRINTF=trine_sim_print \
  -DVL_USER_STOP -DVL_USER_FATAL -DVL_USER_FINISH
# Statements of different lanes made into one of vectors are slower by a tenth. What Verilator wrote
# runs at -O1 as fast, and a third of its compilation is saved; what the rewriters made of it gains.
SIM_OPT := -O3 -fno-tree-slp-vectorize
SIM_PLAIN_OPT := -O1
# Symbols of gcc that are one in a whole process would be shared between chips; clang has none.
SIM_UNIQUE = $(shell $(CXX) -fno-gnu-unique -E -x c++ /dev/null >/dev/null 2>&1 && \
  echo -fno-gnu-unique)
SIM_CXXFLAGS = -std=c++17 -fPIC -fvisibility=hidden $(SIM_UNIQUE)
VERILATOR ?= verilator
VERILATOR_ROOT ?= $(shell $(VERILATOR) --getenv VERILATOR_ROOT 2>/dev/null)
# Make in a folder that Verilator wrote. Some of its packages name the compilers of the machine
# they were made on; and its precompiled headers go without the flag that reads them.
VERILATED_MAKE = $(MAKE) --no-print-directory -s CXX='$(CXX)' LINK='$(CXX)' AR='$(AR)' \
  PYTHON3=python3 VK_PCH_I_FAST= VK_PCH_I_SLOW=
# The cores run one copy of their code, in pieces that fit an instruction cache (tb/share,
# docs/decisions/2026-11-28-shared-code.md). With the data-flow optimiser the code is longer. What
# has nothing to do sleeps (tb/wake); conditions that are merged would keep it awake.
SIM_CODE_FLAGS := --output-split-cfuncs 1000 -fno-dfg -fno-merge-cond
VERILATOR_FLAGS := --cc --top-module trine_top --prefix Vtrine_top -O3 --assert --trace-fst \
  --x-assign fast --x-initial unique -Wno-lint -Wno-style -Irtl/common -Irtl/pkg \
  $(SIM_CODE_FLAGS)
# `make wake-rates` adds a word (tb/wake/wake.mk).
WAKE = $(B)/wake $(@D) tb/wake/rates.txt
# Half of the code of a chip writes waveforms; for 16 cores of 512 MACs that would be 90 MB of it.
# Nobody looks at those of the plain octo, whose cores have their code each.
SIM_NO_WAVES := $(B)/sim/big $(B)/plain/sim/big $(B)/plain/sim/octo
SIM_SHARE := tb/share/ports.awk tb/share/merge.awk tb/share/merge.sh

# 1 when the rewriters are left out. Asked for once, and only when a chip is built.
PLAIN ?= $(eval PLAIN := $$(shell VERILATOR='$(VERILATOR)' sh sw/tools/verilator.sh plain))$(PLAIN)
SIM_PLAIN = $(filter-out 0,$(PLAIN))
$(B)/plain/%: private SIM_PLAIN := 1
SIM_SAY_PLAIN = $(if $(filter $(B)/plain/%,$@),,@printf '%-7s %s\n' PLAIN \
  '$*, as Verilator $(shell VERILATOR='$(VERILATOR)' sh sw/tools/verilator.sh version) wrote it: \
  the same bits, less fast (docs/simulation.md)')

SIM_WAKE_HEADER = $(if $(SIM_PLAIN),,-include $(abspath tb/wake/changed.h))
SIM_MAKE = $(VERILATED_MAKE) -C $(@D) -f Vtrine_top.mk OPT_SLOW="-O0" OPT_GLOBAL="-O1" \
  VM_PARALLEL_BUILDS=1 USER_CPPFLAGS='$(SIM_CXXFLAGS) $(SIM_HOOKS) $(SIM_WAKE_HEADER)'

# Lint is the job of `make lint`, so its warnings are off here; the others still stop the build.
# Files of rtl/ with a waiver list for Verilator, if there is one.
SIM_WAIVERS := $(wildcard rtl/lint/*.vlt)

# What a translated chip depends on besides its files: tools, flags, and whether it is plain.
SIM_TOOLS_TEXT = $(shell $(VERILATOR) --version 2>&1 | head -n 1), $(VERILATOR_ROOT), $(CXX), \
  $(VERILATOR_FLAGS), $(SIM_CXXFLAGS), $(SIM_OPT), plain $(SIM_PLAIN) $(SIM_PLAIN_OPT)
$(B)/sim/tools $(B)/plain/sim/tools: FORCE
	$(Q)mkdir -p $(@D) && echo '$(SIM_TOOLS_TEXT)' > $@.$$$$ && sh sw/tools/replace.sh $@.$$$$ $@

# What Verilator brings with it is the same for every chip, and for every bench of blocks, which has
# no waveforms: compiled once, in the folder of an empty module, and copied where it is wanted.
SIM_RUNTIME_DIR ?= $(B)/sim/runtime
$(SIM_RUNTIME_DIR)/built: private SIM_PLAIN := 1
$(SIM_RUNTIME_DIR)/built: tb/chip/runtime.sv tb/chip/sim_print.h $(B)/sim/tools tb/tb.mk
	$(call say,VERILAT,$(@D))
	$(Q)rm -rf $(@D) && mkdir -p $(@D) && $(VERILATOR) --cc --trace-fst --top-module runtime \
	  --prefix Vtrine_top -Mdir $(@D) $<
	+$(Q)$(SIM_MAKE) $(addsuffix .o,$(SIM_RUNTIME)) VM_TRACE=1 VM_TRACE_FST=1 >/dev/null
	$(Q)touch $@
SIM_TAKE_RUNTIME = cp $(SIM_RUNTIME_DIR)/*.o $(@D)

# What benches of blocks share: Verilator's own files, and headers that each of them would read for
# a second (tb/unit/headers.h), translated once. A bench runs for a fraction of a second, and is not
# optimised.
UNIT_RUNTIME := verilated.o verilated_dpi.o verilated_threads.o
UNIT_HEADERS := $(B)/unit/runtime/headers.h
UNIT_OPT := -O0
$(B)/unit/runtime/built: tb/chip/runtime.sv tb/tb.mk tb/unit/headers.h tb/unit/headers.mk
	$(call say,VERILAT,$(@D))
	$(Q)rm -rf $(@D) && mkdir -p $(@D) && $(VERILATOR) --cc --top-module runtime \
	  --prefix Vruntime -Mdir $(@D) $< -CFLAGS '-std=c++17' && cp tb/unit/headers.h $(@D)
	+$(Q)$(VERILATED_MAKE) -C $(@D) -f Vruntime.mk -f $(abspath tb/unit/headers.mk) \
	  $(UNIT_RUNTIME) headers.h.gch OPT_GLOBAL="$(UNIT_OPT)" OPT_FAST="$(UNIT_OPT)" >/dev/null
	$(Q)touch $@
# unit_make: folder and .mk of a bench, and how it is optimised if it runs for longer: such a one
# reads the headers itself, since those translated are of the other kind, which clang refuses. Its
# tests and what Verilator wrote are compiled as one file, so that the headers are read once.
unit_make = cp $(UNIT_RUNTIME:%=$(B)/unit/runtime/%) $(1) && $(VERILATED_MAKE) -C $(1) -f $(2) \
  OPT_FAST="$(or $(3),$(UNIT_OPT))" VM_PARALLEL_BUILDS=0 VK_USER_OBJS= VK_SLOW_OBJS= \
  USER_CPPFLAGS='-include $(abspath $(if $(3),tb/unit/headers.h,$(UNIT_HEADERS)))' >/dev/null \
  'VM_SLOW=$$(VM_CLASSES_SLOW) $$(VM_SUPPORT_SLOW) $$(VM_USER_CLASSES)'

# SIM_LINK: a chip of what is in a folder, behind objects that stand for what its archive has too.
SIM_LINK = $(CXX) -shared -Wl,-Bsymbolic -Wl,--version-script=tb/chip/exports.map -o $@ \
  $(2) $(1)/chip.o $(B)/sim/seed.o $(SIM_RUNTIME:%=$(1)/%.o) \
  $(1)/Vtrine_top__ALL.a $$(sh sw/tools/verilator.sh libraries $(VERILATOR_ROOT))

# sim_rules: folder, and what the rewriters are made of, or nothing.
define sim_rules
$(1)/sim/%/Vtrine_top.mk: rtl/files.txt $(B)/configs/% $(1)/sim/tools \
    $(wildcard rtl/*.sv rtl/*/*.sv rtl/*/*.svh) $(SIM_WATCH) \
    tb/tb.mk tb/chip/pieces.sh $(SIM_WAIVERS) $(2)
	$$(call say,VERILAT,$$(@D))
	$$(if $$(SIM_PLAIN),$$(SIM_SAY_PLAIN))
	$$(Q)rm -rf $$(@D) && mkdir -p $$(@D) && awk -f tb/share/ports.awk rtl/core/trine_core.sv \
	  > $$(@D)/core.vlt
	$$(Q)$$(VERILATOR) $$(filter-out $$(if $$(filter $$(@D),$$(SIM_NO_WAVES)),--trace-fst),\
	  $$(VERILATOR_FLAGS)) $$$$(cat $(B)/configs/$$*) -Mdir $$(@D) \
	  $$(SIM_WAIVERS) $$(@D)/core.vlt $$(SIM_RTL)
	$$(if $$(SIM_PLAIN),,$$(Q)sh tb/share/merge.sh $$(@D) && $$(WAKE) || { rm -f $$@; exit 1; })
	$$(Q)sh tb/chip/pieces.sh $$(@D) || { rm -f $$@; exit 1; }

$(1)/sim/%/Vtrine_top__ALL.a: $(1)/sim/%/Vtrine_top.mk tb/chip/sim_print.h \
    $$(SIM_RUNTIME_DIR)/built $(if $(2),tb/wake/changed.h)
	$$(call say,CXX,$$(@D))
	$$(Q)$$(SIM_TAKE_RUNTIME)
	+$$(Q)$$(SIM_MAKE) OPT_FAST="$$(if $$(SIM_PLAIN),$$(SIM_PLAIN_OPT),$$(SIM_OPT))" $$(@F) >/dev/null

$(1)/libtrine_sim_%.so: $(1)/sim/%/chip.o $(1)/sim/%/Vtrine_top__ALL.a $(B)/sim/seed.o \
    tb/chip/exports.map
	$$(call say,LINK,$$@)
	$$(Q)$$(call SIM_LINK,$(1)/sim/$$*)

# In one piece, as the chip's own code (pieces.sh).
$(1)/sim/%/chip.o: $(SIM_SRC) $(wildcard tb/chip/*.h) sw/sim/trine_sim.h driver/trine_status.h \
    tests/support/seed.h $(1)/sim/%/Vtrine_top.mk
	$$(Q)printf '#include "%s"\n' $(SIM_SRC) | $$(CXX) $$(SIM_CXXFLAGS) -O2 -Wall -Wextra -Wshadow \
	  -DTRINE_CONFIG_NAME='"$$*"' $$(SIM_HOOKS) -DVM_TRACE=1 -DVM_TRACE_FST=1 \
	  $$(if $$(filter $$(@D),$$(SIM_NO_WAVES)),-DTRINE_SIM_NO_WAVES) \
	  -isystem $$(VERILATOR_ROOT)/include -isystem $$(VERILATOR_ROOT)/include/vltstd \
	  -isystem $$(@D) -I. -Itb -Isw -Idriver -Itests -c -o $$@ -x c++ -
.PRECIOUS: $(1)/sim/%/Vtrine_top.mk $(1)/sim/%/Vtrine_top__ALL.a $(1)/sim/%/chip.o
endef
$(eval $(call sim_rules,$(B),$(SIM_SHARE) $(B)/wake tb/wake/rates.txt))
$(eval $(call sim_rules,$(B)/plain))

$(B)/sim/seed.o: tests/support/seed.c tests/support/seed.h
	$(Q)mkdir -p $(@D) && $(CC) $(CFLAGS) -fPIC -fvisibility=hidden -Itests -c -o $@ $<

$(B)/obj/tb/% $(B)/asan/obj/tb/%: INCLUDES += -Itb

# SHARE_CONFIG=quad or big: with more cores, big with as many as there can be.
SHARE_CONFIG ?= duo
.PHONY: share-test
## share-test: the cores of SHARE_CONFIG=duo run one copy of their code, and give the same bits
share-test: $(B)/trine $(B)/libtrine_sim_$(SHARE_CONFIG).so
	@sh tb/share/selftest.sh
	@! grep -h 'BRA__[1-9][0-9]*__KET____DOT__u_core__[0-9]*(.*) {$$' \
	  $(B)/sim/$(SHARE_CONFIG)/*DepSet*.cpp
	$(Q)cores=$$(sh sw/tools/config.sh value $(SHARE_CONFIG) Cores) && \
	  for mode in helper hybrid; do $(B)/trine run tests/models/vad.tflite \
	  --config $(SHARE_CONFIG) --input tests/models/vad_xq.npy --mode $$mode --cores $$cores \
	  --check | grep exact || exit 1; done
