# SPDX-License-Identifier: Apache-2.0
# unit.mk: benches of single blocks: build/unit/NAME is a Verilated block with its C++ main, which
# compares it with sw/golden. `make unit-test` builds and runs them all.
#
# unit_bench: name, top module, C++ files in tb/unit (without suffix), Verilator options, C++
# options.

UNIT_VERILATE = $(VERILATOR) --cc --exe --assert -O3 --x-assign fast --x-initial unique \
  -Wall -Wno-UNUSEDPARAM -y rtl/common -y rtl/core -y tb/unit -Irtl/common
UNIT_RTL := $(wildcard rtl/common/*.sv rtl/common/*.svh rtl/core/*.sv rtl/pkg/*.sv tb/unit/*.sv \
  tb/chip/trine_probe.sv)
UNIT_LIBS := $(B)/obj/sw/golden/fixed.o $(B)/obj/tests/support/seed.o
UNIT_FLAGS := -std=c++17 -Wno-unused-parameter
UNIT_BENCHES :=

define unit_bench
UNIT_BENCHES += $(1)
$(B)/unit/$(1): $(addprefix tb/unit/,$(addsuffix .cpp,$(3))) tb/unit/unit.mk \
    $(B)/unit/runtime/built $(UNIT_RTL) $(UNIT_LIBS)
	$$(call say,BENCH,$(1))
	$$(Q)mkdir -p $(B)/unit/$(1).d && $$(UNIT_VERILATE) $(4) --top-module $(2) \
	  --prefix V$(2) -Mdir $(B)/unit/$(1).d -o ../$(1) rtl/pkg/trine_pkg.sv \
	  $$(wildcard tb/unit/$(2).sv rtl/*/$(2).sv) \
	  $(abspath $(addprefix tb/unit/,$(addsuffix .cpp,$(3)))) \
	  -CFLAGS '$(UNIT_FLAGS) $(5) $(addprefix -I,$(abspath sw driver tests))' \
	  -LDFLAGS '$(abspath $(UNIT_LIBS))'
	+$$(Q)$$(call unit_make,$(B)/unit/$(1).d,V$(2).mk)
endef

$(eval $(call unit_bench,math,math_bench,test_math,,))
$(eval $(call unit_bench,counters,trine_counters,test_counters,,))

# A shape of the MAC array: lanes, MACs a lane, bytes of a memory beat.
mac_bench = $(call unit_bench,mac_$(1)_$(2)_$(3),mac_bench,test_mac,\
  -GLanes=$(1) -GMacsPerLane=$(2) -GMemBytes=$(3),\
  -DMAC_LANES=$(1) -DMAC_WIDTH=$(2) -DMAC_MEM_BYTES=$(3))

$(eval $(call mac_bench,4,1,4))
$(eval $(call mac_bench,12,1,4))
$(eval $(call mac_bench,8,4,4))
$(eval $(call mac_bench,8,8,8))
$(eval $(call mac_bench,16,32,64))

# The probe of the simulated chips, bound to the tail, says what becomes of its units.
UNIT_PROBE := tb/chip/trine_probe.sv

# A shape of the tail: lanes, rows a beat, bytes of a bus word, CMSIS corner.
tail_bench = $(call unit_bench,tail_$(1)_$(2)_$(3)_$(4),trine_tail,test_tail tail_model,\
  $(UNIT_PROBE) -GLanes=$(1) -GTailRows=$(2) -GBusBytes=$(3) -GCmsis=$(4) -GParamRows=512 \
  -GPreUnits=64 -GStateUnits=64 -GAccSlots=4 -GWordCredits=4,\
  -DTAIL_LANES=$(1) -DTAIL_ROWS=$(2) -DTAIL_BUS_BYTES=$(3) -DTAIL_CMSIS=$(4))

$(eval $(call tail_bench,4,1,4,0))
$(eval $(call tail_bench,8,2,4,0))
$(eval $(call tail_bench,8,4,8,0))
$(eval $(call tail_bench,16,4,8,1))
$(eval $(call tail_bench,4,4,16,0))

# A shape of the schedule: contexts, slots of a ring.
schedule_bench = $(call unit_bench,schedule_$(1)_$(2),trine_schedule,\
  test_schedule schedule_bench schedule_world,\
  -y rtl/common -GContexts=$(1) -GXSlots=$(2) -GBusBytes=4 -GMacsPerLane=4 -GWeightWords=1024 \
  -GRingWords=2048 -GAccSlots=8,-DSCHEDULE_CONTEXTS=$(1) -DSCHEDULE_SLOTS=$(2))

$(eval $(call schedule_bench,1,2))
$(eval $(call schedule_bench,5,2))
$(eval $(call schedule_bench,8,4))
$(eval $(call schedule_bench,14,16))

.PHONY: unit-test
unit-test: $(addprefix $(B)/unit/,$(UNIT_BENCHES))
	@for bench in $^; do $$bench || exit 1; done

TEST_BUILD += $(addprefix $(B)/unit/,$(UNIT_BENCHES))
