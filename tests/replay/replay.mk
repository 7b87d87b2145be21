# SPDX-License-Identifier: Apache-2.0
# replay.mk: runs that fail on a device, dumped and replayed.

$(B)/obj/tests/replay/%: private INCLUDES += -Itests
$(B)/tests/break_image: $(B)/obj/tests/replay/break_image.o $(addprefix $(B)/,$(CHECK_LIBS))
	$(call say,LINK,$@)
	$(Q)mkdir -p $(@D) && $(CXX) -o $@ $< -Wl,--start-group $(filter %.a,$^) -Wl,--end-group \
	  $(LDLIBS) $(TEST_LDLIBS)
$(B)/tests/failures: $(patsubst %,$(B)/obj/tests/replay/%.o,failures board watch) \
    $(addprefix $(B)/,$(CHECK_LIBS))
	$(call say,LINK,$@)
	$(Q)mkdir -p $(@D) && $(CXX) -o $@ $(filter %.o,$^) -Wl,--start-group $(filter %.a,$^) \
	  -Wl,--end-group $(LDLIBS) $(TEST_LDLIBS)

REPLAY_PROGRAMS := $(B)/tests/failures $(B)/tests/break_image
.PHONY: replay replay-long
## replay: runs that fail on duo and nano, dumped, and run again to the same error and cycle
replay: $(B)/trine $(REPLAY_PROGRAMS) $(patsubst %,$(B)/libtrine_sim_%.so,duo nano)
	@sh tests/replay/replay.sh duo nano

## replay-long: the same with hundreds of broken images (TRINE_SEED=N draws others)
replay-long: $(B)/trine $(REPLAY_PROGRAMS) $(patsubst %,$(B)/libtrine_sim_%.so,duo nano)
	@REPLAY_IMAGES=400 sh tests/replay/replay.sh duo nano

TEST_BUILD += $(REPLAY_PROGRAMS)
