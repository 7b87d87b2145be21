# SPDX-License-Identifier: Apache-2.0
# front.mk: unit tests of the front end: streams, programs and SAVEs of several cores against a
# memory with random timing, errors and a protocol check.
#
# front_bench: Cores, MemBytes, BusBytes.

FRONT_RTL := rtl/pkg/trine_pkg.sv $(addprefix rtl/common/trine_,arbiter.sv fifo.sv ram_lut.sv \
  ram_1r1w.sv slot_address.sv) $(wildcard rtl/front/*.sv)
FRONT_FLAGS = -std=c++17 -Wall -Wextra -Wno-unused-parameter -Wno-int-in-bool-context \
  $(addprefix -I,$(abspath tests tb/unit))
FRONT_BENCHES :=

define front_bench
FRONT_BENCHES += front_$(1)_$(2)_$(3)
$(B)/unit/front_$(1)_$(2)_$(3): $(FRONT_RTL) tb/unit/front_bench.sv tb/unit/test_front.cpp \
    $(wildcard tb/unit/front_*.h) tb/unit/memory_axi.h $(B)/obj/tests/support/seed.o \
    $(B)/unit/runtime/built tb/unit/front.mk
	$$(call say,BENCH,front_$(1)_$(2)_$(3))
	$$(Q)mkdir -p $$@.d && $$(VERILATOR) --cc --exe --assert -O3 --x-assign unique --x-initial unique \
	  -Wall -Wno-UNUSEDPARAM -Irtl/common -GCores=$(1) -GMemBytes=$(2) -GBusBytes=$(3) \
	  --top-module front_bench --prefix Vfront_bench -Mdir $$@.d -o ../front_$(1)_$(2)_$(3) \
	  $(FRONT_RTL) tb/unit/front_bench.sv $(abspath tb/unit/test_front.cpp) \
	  -CFLAGS '$$(FRONT_FLAGS) -DCORE_COUNT=$(1) -DMEM_BYTES=$(2) -DBUS_BYTES=$(3)' \
	  -LDFLAGS '$(abspath $(B)/obj/tests/support/seed.o)'
	+$$(Q)$$(call unit_make,$$@.d,Vfront_bench.mk,-O1)
endef

$(eval $(call front_bench,2,8,8))
$(eval $(call front_bench,3,16,4))
$(eval $(call front_bench,1,4,4))

.PHONY: unit-test-front
## unit-test-front: the front end of one to three cores against a memory with random timing
unit-test-front: $(addprefix $(B)/unit/,$(FRONT_BENCHES))
	@for bench in $^; do $$bench || exit 1; done

TEST_BUILD += $(addprefix $(B)/unit/,$(FRONT_BENCHES))
