# SPDX-License-Identifier: Apache-2.0
# examples.mk: programs on the public interface, below build/examples, and in short as a test.

EXAMPLE_NAMES := vad speaker chars
EXAMPLE_PROGRAMS := $(addprefix $(B)/examples/,$(EXAMPLE_NAMES))

$(EXAMPLE_PROGRAMS): $(B)/examples/%: $(B)/obj/sw/examples/%.o \
    $(B)/obj/sw/examples/open_session.o $(addprefix $(B)/,libtrine_sw.a libtrine_driver.a)
	$(call say,LINK,$@)
	$(Q)mkdir -p $(@D) && $(CXX) -o $@ $(filter %.o,$^) -Wl,--start-group $(filter %.a,$^) \
	  -Wl,--end-group $(LDLIBS)

.PHONY: examples examples-test
## examples: voice activity, speakers and a text, each on the simulated chip (sw/examples)
examples: $(EXAMPLE_PROGRAMS) $(B)/libtrine_sim_duo.so
	$(B)/examples/vad
	$(B)/examples/speaker
	$(B)/examples/chars

## examples-test: the same in short, and that the chip's words are those of the golden model
examples-test: $(EXAMPLE_PROGRAMS) $(B)/libtrine_sim_duo.so
	@sh sw/examples/test.sh

TEST_BUILD += $(EXAMPLE_PROGRAMS)
