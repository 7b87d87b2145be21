# SPDX-License-Identifier: Apache-2.0
# refusals.mk: the walk over every sentence that refuses something: its form, what provokes it, and
# the command under hundreds of bad command lines.

REFUSALS_FILES = $(wildcard sw/*/*.c sw/*/*.cpp driver/*.c driver/*/*.c tb/chip/*.c \
  tb/chip/*.cpp sw/tools/config.sh sw/tools/doctor.sh)
# Tests whose strings count as what provokes a sentence.
REFUSALS_TESTS = $(wildcard tests/unit/*.c tests/onnx/*.c tests/onnx/*.sh tests/quantize/*.c \
  tests/quantize/*.sh tests/cli/*.sh tests/diff/*.sh tests/session/*.c tests/planner/*.c \
  tests/fpga/*.sh tests/lint/configs.sh tests/portability/doctor.sh tests/refusals/*.sh \
  tb/scenario/*.c tb/unit/*.cpp)
REFUSALS_OBJ := $(patsubst %,$(B)/obj/tests/refusals/%.o,refusals lexer inventory form cover)

$(B)/refusals: $(REFUSALS_OBJ)
	$(call say,LINK,$@)
	$(Q)$(CC) -o $@ $^

# The readers on damaged files, under the sanitizers.
$(B)/asan/obj/tests/refusals/%: private INCLUDES += -Itests
$(B)/asan/provoke: $(B)/asan/obj/tests/refusals/provoke.o \
    $(addprefix $(B)/asan/,libtrine_test.a libtrine_sw.a libtrine_driver.a)
	$(call say,LINK,$@)
	$(Q)$(CXX) $(ASAN) -o $@ $< -Wl,--start-group $(filter %.a,$^) -Wl,--end-group $(LDLIBS)

$(B)/obj/tests/refusals/%: private INCLUDES += -Itests
$(B)/sweep: $(patsubst %,$(B)/obj/tests/refusals/%.o,sweep run) $(B)/libtrine_test.a \
    $(B)/libtrine_sw.a
	$(call say,LINK,$@)
	$(Q)$(CC) -o $@ $(filter %.o,$^) $(filter %.a,$^) -lm

# The command under the sanitizers.
$(B)/asan/trine: $(call obj,$(B)/asan,$(CLI_SRC)) $(B)/asan/libtrine_sw.a \
    $(B)/asan/libtrine_driver.a
	$(call say,LINK,$@)
	$(Q)$(CXX) $(ASAN) -o $@ $(filter %.o,$^) -Wl,--start-group $(filter %.a,$^) \
	  -Wl,--end-group $(LDLIBS)

REFUSALS_SAMPLES := $(wildcard tests/conformance/set/*.tflite tests/heads/set/*.tflite \
  tests/onnx/set/*.onnx) tests/models/bidi.tflite
# Command lines of the sweep, and damaged files: what takes about a minute together.
REFUSALS_COUNT ?= 400
REFUSALS_ROUNDS ?= 40000

.PHONY: refusals refusals-cases refusals-form refusals-list refusals-selftest
## refusals: each sentence that refuses something: its form, what provokes it, bad command lines
refusals: refusals-form $(B)/trine $(B)/libtrine_sim_duo.so $(B)/asan/trine $(B)/asan/provoke \
    $(B)/sweep
	@rm -rf $(B)/refused && sh tests/refusals/files.sh $(B)/refused
	@$(B)/asan/provoke $(REFUSALS_ROUNDS) $(B)/provoked $(REFUSALS_SAMPLES) $(B)/refused/*.npy
	@REFUSALS_PROVOKED=$(B)/provoked REFUSALS_FILES='$(REFUSALS_FILES)' \
	  REFUSALS_TESTS='$(REFUSALS_TESTS)' sh tests/refusals/refusals.sh
	@$(B)/sweep $(B)/asan/trine $(B)/refused $(REFUSALS_COUNT)

refusals-cases: $(B)/trine $(B)/libtrine_sim_duo.so
	@sh tests/refusals/refusals.sh cases

refusals-form: $(B)/refusals
	@$(B)/refusals form tests/refusals/setters.txt tests/refusals/exceptions.txt $(REFUSALS_FILES)

refusals-list: $(B)/refusals
	@$(B)/refusals list tests/refusals/setters.txt $(REFUSALS_FILES)

## refusals-selftest: the walk, its floors and the sweep turn red on what is made to break them
refusals-selftest: $(B)/refusals $(B)/sweep
	@sh tests/refusals/selftest.sh

TEST_BUILD += $(B)/refusals $(B)/sweep $(B)/asan/trine $(B)/asan/provoke
