# SPDX-License-Identifier: Apache-2.0
# bus.mk: what driver/trine_bus.h promises: the order of memory and registers, and caches.

CACHE_ROUNDS ?= 2000

$(B)/obj/tests/bus/%: private INCLUDES += -Itests
$(B)/in_place: $(B)/obj/tests/bus/in_place.o \
    $(addprefix $(B)/,libtrine_checked.a libtrine_test.a libtrine_sw.a libtrine_driver.a)
	$(call say,LINK,$@)
	$(Q)$(CXX) -o $@ $(filter %.o,$^) -Wl,--start-group $(filter %.a,$^) -Wl,--end-group \
	  $(LDLIBS) $(TEST_LDLIBS)

TEST_BUILD += $(B)/in_place

.PHONY: bus bus-long
## bus: barriers as each compiler makes them; images and rows in place behind a cache, on the chip
bus: $(B)/in_place $(B)/libtrine_sim_duo.so
	@sh tests/bus/barriers.sh
	@sh tests/bus/barriers.sh selftest
	@TRINE_LIB_DIR=$(B) $(B)/in_place

## bus-long: the same with many networks, on the fake device and on the chip
bus-long: $(B)/in_place $(B)/asan/tests/test_driver_cache $(B)/libtrine_sim_duo.so
	@TRINE_CACHE_ROUNDS=$(CACHE_ROUNDS) $(B)/asan/tests/test_driver_cache
	@TRINE_LIB_DIR=$(B) TRINE_CACHE_ROUNDS=$(CACHE_ROUNDS) $(B)/in_place
