# SPDX-License-Identifier: Apache-2.0
# wake.mk: the program that has a translated model evaluate only what has a reason to be, and how
# it is tested: a model that nobody woke has to have the same waveforms.

WAKE_SRC := $(wildcard tb/wake/*.c)
# A model in a folder of its own, with another word for the program; the rest is as everywhere.
WAKE_OTHER = $(MAKE) --no-print-directory B=$(B)/wake-$(1) WAKE='$(2)' \
  $(B)/wake-$(1)/libtrine_sim_$(3).so

$(B)/wake: $(WAKE_SRC) tb/wake/wake.h
	$(call say,CC,$@)
	$(Q)mkdir -p $(@D) && $(CC) $(CFLAGS) -o $@ $(WAKE_SRC)

.PHONY: wake-rates wake-test
## wake-rates: counts how often the variables of duo change at full work, for tb/wake/rates.txt
wake-rates: $(B)/speed/chip
	+$(Q)$(call WAKE_OTHER,rates,$(B)/wake-rates/wake $$(@D) tb/wake/rates.txt count,duo)
	$(Q)mkdir -p $(B)/wake-rates/speed && cp $(B)/speed/chip $(B)/wake-rates/speed/chip
	$(Q)$(B)/wake-rates/speed/chip 2> $(B)/wake-rates/counts.txt
	$(Q)awk -f tb/wake/rates.awk $(B)/wake-rates/counts.txt > tb/wake/rates.txt

## wake-test: logic that sleeps gives the waveforms of logic that never does; else no chip is made
wake-test: $(B)/test_wake $(B)/wake $(B)/trine $(B)/tests/npy_head \
    $(B)/libtrine_sim_duo.so $(B)/plain/libtrine_sim_duo.so
	@$(B)/test_wake 2>/dev/null
	@sh tb/wake/closed.sh
	@sh tb/wake/selftest.sh

# The analyser by itself; wake.c has its own main.
$(B)/obj/tb/wake/%: private INCLUDES += -Itb/wake
$(B)/obj/tb/wake/test/%: private INCLUDES += -Itb/wake
$(B)/obj/tb/wake/wake.o: private INCLUDES += -Dmain=wake_main
$(B)/test_wake: $(call obj,$(B),$(WAKE_SRC) tb/wake/test/test_wake.c)
	$(call say,LINK,$@)
	$(Q)$(CC) -o $@ $^ $(TEST_LDLIBS) -lm

TEST_BUILD += $(B)/test_wake $(B)/wake
