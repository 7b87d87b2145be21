# SPDX-License-Identifier: Apache-2.0
# fuzz.mk: the readers of files under libFuzzer (clang), and its seeds and former findings as tests.
#
# A target is a tests/fuzz/fuzz_NAME.c; its seeds are in tests/fuzz/corpus/NAME. A file that broke
# something is kept there too, as found-*, once the reader is mended.

FUZZ_NAMES := $(patsubst tests/fuzz/fuzz_%.c,%,$(wildcard tests/fuzz/fuzz_*.c))
FUZZ_FLAGS := $(ASAN) -fsanitize=fuzzer-no-link -Wno-error
FUZZ_LIBS := libtrine_test.a libtrine_sw.a libtrine_driver.a
# Seconds of a processor for each target, and how many run side by side (else one a processor).
TIME ?= 600
FUZZ_JOBS ?=

$(B)/fuzz/%: CC := clang
$(B)/fuzz/%: CXX := clang++
$(B)/fuzz/obj/tests/% $(B)/asan/obj/tests/fuzz/%: INCLUDES += -Itests

$(addprefix $(B)/fuzz/fuzz_,$(FUZZ_NAMES)): $(B)/fuzz/fuzz_%: $(B)/fuzz/obj/tests/fuzz/fuzz_%.o \
    $(addprefix $(B)/fuzz/,$(FUZZ_LIBS))
	$(call say,LINK,$@)
	$(Q)$(CXX) $(ASAN) -fsanitize=fuzzer -o $@ $< -Wl,--start-group $(filter %.a,$^) \
	  -Wl,--end-group $(LDLIBS)

$(addprefix $(B)/asan/replay_,$(FUZZ_NAMES)): $(B)/asan/replay_%: \
    $(B)/asan/obj/tests/fuzz/fuzz_%.o $(B)/asan/obj/tests/fuzz/replay.o \
    $(addprefix $(B)/asan/,$(FUZZ_LIBS))
	$(call say,LINK,$@)
	$(Q)$(CXX) $(ASAN) -o $@ $(filter %.o,$^) -Wl,--start-group $(filter %.a,$^) \
	  -Wl,--end-group $(LDLIBS)

.PHONY: fuzz fuzz-programs fuzz-replay
fuzz-programs: $(addprefix $(B)/fuzz/fuzz_,$(FUZZ_NAMES))

## fuzz: readers under libFuzzer, TIME=600 s of a processor each, log below build/fuzz (clang)
fuzz:
	@sh sw/tools/doctor.sh install demo fuzz
	@$(MAKE) --no-print-directory $(PARALLEL) fuzz-programs
	@FUZZ_JOBS=$(FUZZ_JOBS) sh tests/fuzz/campaign.sh $(TIME) $(FUZZ_NAMES)

## fuzz-replay: the seeds and former findings of the fuzzers, under the sanitizers, without clang
fuzz-replay: $(addprefix $(B)/asan/replay_,$(FUZZ_NAMES))
	@for name in $(FUZZ_NAMES); do \
	  $(B)/asan/replay_$$name tests/fuzz/corpus/$$name/* || exit 1; \
	done

## docs-fuzz: docs/fuzzing.md from the campaigns that `make fuzz` has run
.PHONY: docs-fuzz
docs-fuzz:
	@sh tests/fuzz/page.sh > docs/fuzzing.md.tmp && mv docs/fuzzing.md.tmp docs/fuzzing.md

TEST_BUILD += $(addprefix $(B)/asan/replay_,$(FUZZ_NAMES))
