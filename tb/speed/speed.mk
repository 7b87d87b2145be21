# SPDX-License-Identifier: Apache-2.0
# speed.mk: how fast the simulation is, beside a yardstick that was there before any tuning: bare
# arrays of 2 x 64 int8 MACs in three ways to write them, with the same tools and flags.

SPEED_WAYS := scalars vectors lanes
SPEED_BARE := $(foreach way,$(SPEED_WAYS),$(B)/speed/bare_$(way)/bare)

$(SPEED_BARE): $(B)/speed/bare_%/bare: tb/speed/bare_%.sv tb/speed/bare.cpp tb/speed/speed.mk
	$(call say,VERILAT,bare_$*)
	$(Q)mkdir -p $(@D) && $(VERILATOR) --cc --exe --top-module bare_$* --prefix Vbare_$* -O3 --assert \
	  --x-assign fast --x-initial unique -Wno-lint -Wno-style -Mdir $(@D) $< \
	  $(abspath tb/speed/bare.cpp) -o bare \
	  -CFLAGS '-std=c++17 -DBARE=Vbare_$* -DBARE_HEADER=\"Vbare_$*.h\"'
	+$(Q)$(VERILATED_MAKE) -C $(@D) -f Vbare_$*.mk OPT_FAST="$(SIM_OPT)" OPT_SLOW="-O1" \
	  OPT_GLOBAL="-O2" >/dev/null

$(B)/speed/chip: $(B)/obj/tb/speed/chip.o $(addprefix $(B)/,libtrine_sw.a libtrine_driver.a)
	$(call say,LINK,$@)
	$(Q)mkdir -p $(@D) && $(CXX) -o $@ $(filter %.o,$^) -Wl,--start-group $(filter %.a,$^) \
	  -Wl,--end-group $(LDLIBS)

.PHONY: bench-sim
## bench-sim: cycles a second of duo, rewritten and plain, beside bare MAC arrays, best of three
bench-sim: $(SPEED_BARE) $(B)/speed/chip $(B)/libtrine_sim_duo.so $(B)/plain/libtrine_sim_duo.so
	@sh tb/speed/compare.sh
