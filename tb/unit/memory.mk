# SPDX-License-Identifier: Apache-2.0
# memory.mk: unit tests of the memory side: ports behind the arbiter, and readers and writers of a
# core at its port, against a memory with random timing, errors and a protocol check.
#
# memory_bench: name, top module, test, MemBytes, BusBytes (0: the top has none).

MEMORY_RTL := rtl/pkg/trine_pkg.sv $(addprefix rtl/common/trine_,arbiter.sv fifo.sv ram_lut.sv \
  ram_1r1w.sv) $(wildcard rtl/memory/*.sv)
MEMORY_FLAGS = -std=c++17 -Wall -Wextra -Wno-unused-parameter \
  $(addprefix -I,$(abspath tests tb/unit))
MEMORY_BENCHES :=

define memory_bench
MEMORY_BENCHES += $(1)
$(B)/unit/$(1): $(MEMORY_RTL) tb/unit/$(2).sv tb/unit/$(3).cpp $(wildcard tb/unit/memory_*.h) \
    $(B)/obj/tests/support/seed.o $(B)/unit/runtime/built tb/unit/memory.mk
	$$(call say,BENCH,$(1))
	$$(Q)mkdir -p $$@.d && $$(VERILATOR) --cc --exe --assert -O3 --x-assign unique --x-initial unique \
	  -Wall -Wno-UNUSEDPARAM -Irtl/common -GMemBytes=$(4) $(if $(filter-out 0,$(5)),-GBusBytes=$(5)) \
	  --top-module $(2) --prefix V$(2) -Mdir $$@.d -o ../$(1) $(MEMORY_RTL) tb/unit/$(2).sv \
	  $(abspath tb/unit/$(3).cpp) -CFLAGS '$$(MEMORY_FLAGS) -DMEM_BYTES=$(4) -DBUS_BYTES=$(5)' \
	  -LDFLAGS '$(abspath $(B)/obj/tests/support/seed.o)'
	+$$(Q)$$(call unit_make,$$@.d,V$(2).mk,-O1)
endef

$(eval $(call memory_bench,memory_ports_8,memory_ports_bench,test_memory_ports,8,0))
$(eval $(call memory_bench,memory_core_8_8,memory_core_bench,test_memory_core,8,8))
$(eval $(call memory_bench,memory_core_16_4,memory_core_bench,test_memory_core,16,4))

.PHONY: unit-test-memory
## unit-test-memory: memory ports, arbiter, readers and writers against a memory with random timing
unit-test-memory: $(addprefix $(B)/unit/,$(MEMORY_BENCHES))
	@for bench in $^; do $$bench || exit 1; done

TEST_BUILD += $(addprefix $(B)/unit/,$(MEMORY_BENCHES))
