# SPDX-License-Identifier: Apache-2.0
# commands.mk: unit test of the program unit: programs of several slots beside each other, on cores
# and memory that wait, refuse and fall silent.
#
# commands_bench: Cores, MemBytes, WordBytes, BusBytes.

COMMANDS_RTL := rtl/pkg/trine_pkg.sv rtl/program/trine_records_pkg.sv $(addprefix \
  rtl/common/trine_,arbiter.sv fifo.sv ram_lut.sv ram_1r1w.sv) \
  $(filter-out %_pkg.sv,$(wildcard rtl/program/*.sv))
COMMANDS_SRC := $(addprefix tb/unit/,commands_operations.cpp commands_program.cpp \
  commands_world.cpp commands_watch.cpp test_commands.cpp)
COMMANDS_FLAGS = -std=c++17 -Wall -Wextra -Wno-unused-parameter -Wno-sign-compare \
  $(addprefix -I,$(abspath tests driver tb/unit))
COMMANDS_BENCHES :=

define commands_bench
COMMANDS_BENCHES += commands_$(1)_$(2)
$(B)/unit/commands_$(1)_$(2): $(COMMANDS_RTL) $(COMMANDS_SRC) tb/unit/commands_program.h \
    tb/unit/commands_world.h tb/unit/ports.h driver/program/records.h rtl/lint/packages.vlt \
    $(B)/obj/tests/support/seed.o $(B)/unit/runtime/built tb/unit/commands.mk
	$$(call say,BENCH,commands_$(1)_$(2))
	$$(Q)mkdir -p $$@.d && $$(VERILATOR) --cc --exe --assert -O3 --x-assign unique --x-initial unique \
	  -Wall -Wno-UNUSEDPARAM -Irtl/common -GCores=$(1) -GMemBytes=$(2) -GWordBytes=$(3) \
	  -GBusBytes=$(4) -GWeightWords=1024 -GParamRows=2048 -GRingBytes=8192 -GRingWords=1024 \
	  -GStateUnits=512 -GWriterBytes=8192 --top-module trine_commands --prefix Vtrine_commands \
	  -Mdir $$@.d -o ../commands_$(1)_$(2) rtl/lint/packages.vlt $(COMMANDS_RTL) \
	  $(abspath $(COMMANDS_SRC)) \
	  -CFLAGS '$$(COMMANDS_FLAGS) -DCOMMANDS_CORES=$(1) -DCOMMANDS_MEM=$(2) -DCOMMANDS_WORD=$(3) \
	  -DCOMMANDS_BUS=$(4)' -LDFLAGS '$(abspath $(B)/obj/tests/support/seed.o)'
	+$$(Q)$$(call unit_make,$$@.d,Vtrine_commands.mk,-O1)
endef

$(eval $(call commands_bench,4,8,64,8))
$(eval $(call commands_bench,3,4,48,4))
$(eval $(call commands_bench,1,4,16,4))
$(eval $(call commands_bench,2,64,64,8))

.PHONY: unit-test-commands
## unit-test-commands: the program unit of one to four cores with programs of slots side by side
unit-test-commands: $(addprefix $(B)/unit/,$(COMMANDS_BENCHES))
	@for bench in $^; do $$bench || exit 1; done

TEST_BUILD += $(addprefix $(B)/unit/,$(COMMANDS_BENCHES))
