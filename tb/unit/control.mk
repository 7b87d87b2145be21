# SPDX-License-Identifier: Apache-2.0
# control.mk: unit test of register file and mode controller, for 1, 4 and 16 cores.

CONTROL_CORES := 1 4 16
CONTROL_RTL := rtl/pkg/trine_pkg.sv rtl/control/trine_regs_pkg.sv rtl/common/trine_ram_1r1w.sv \
  $(addprefix rtl/control/trine_,axil_slave.sv global_regs.sv regs.sv start.sv domain.sv \
  controller.sv) tb/unit/control_bench.sv
CONTROL_SRC := $(addprefix tb/unit/,control_model.cpp test_control.cpp test_control_starts.cpp \
  test_control_runs.cpp test_control_repeats.cpp)
CONTROL_FLAGS = -std=c++17 -Wall -Wextra -Wno-unused-parameter -Wno-sign-compare \
  $(addprefix -I,$(abspath tests driver tb/unit))

$(B)/unit/control%: $(CONTROL_RTL) $(CONTROL_SRC) tb/unit/control_model.h tb/unit/ports.h \
    driver/trine_regs.h $(B)/obj/tests/support/seed.o $(B)/unit/runtime/built tb/unit/control.mk
	$(call say,BENCH,control$*)
	$(Q)mkdir -p $@.d && $(VERILATOR) --cc --exe --assert -O3 --x-assign unique --x-initial unique \
	  -Wall -Wno-UNUSEDPARAM -Irtl/common -GCores=$* --top-module control_bench \
	  --prefix Vcontrol_bench -Mdir $@.d -o ../control$* $(CONTROL_RTL) $(abspath $(CONTROL_SRC)) \
	  -CFLAGS '$(CONTROL_FLAGS) -DCONTROL_CORES=$*' \
	  -LDFLAGS '$(abspath $(B)/obj/tests/support/seed.o) -lz'
	+$(Q)$(call unit_make,$@.d,Vcontrol_bench.mk,-O1)

.PHONY: unit-test-control
## unit-test-control: registers and mode controller against scripted cores
unit-test-control: $(addprefix $(B)/unit/control,$(CONTROL_CORES))
	@for bench in $^; do $$bench || exit 1; done

TEST_BUILD += $(addprefix $(B)/unit/control,$(CONTROL_CORES))
