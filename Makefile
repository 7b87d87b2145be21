# SPDX-License-Identifier: Apache-2.0
# Makefile: one entry for building, testing and showing Trine; `make` alone lists the targets.
#
# Every C file of sw/ and driver/ is in a library by wildcard; a folder's own rules are in its
# fragment (*/*.mk, */*/*.mk), read here before the generic ones; its variables begin with the
# name of the folder, because all share one space. All output goes below build/.

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.SUFFIXES:
SHELL := /bin/sh

CONFIG ?= duo
V ?= 0
B := build
NPROC := $(shell nproc 2>/dev/null || echo 2)
# Entry points run their steps in a make of their own, on all processors unless -j was given.
PARALLEL = $(if $(findstring jobserver,$(MAKEFLAGS))$(filter -j%,$(MAKEFLAGS)),,-j$(NPROC))
Q := $(if $(filter 0,$(V)),@)
say = $(if $(filter 0,$(V)),@printf '%-7s %s\n' '$(1)' '$(2)',@:)

CC := gcc
CXX := g++
AR := ar
OPT ?= -O3
WARN := -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Werror
INCLUDES := -Idriver -Isw -I$(B)/gen -I$(B)/include
CFLAGS := -std=c11 -D_POSIX_C_SOURCE=200809L -g $(OPT) $(WARN)
CXXFLAGS := -std=c++17 -g $(OPT) -Wall -Wextra -Wpedantic -Wshadow -Werror
LDLIBS := -lzip -lz -lcjson -lprotobuf-c -ldl -lm
TEST_LDLIBS := -lcheck -lsubunit -lrt -lpthread
# What libtrine.so is made of; one set of objects for all.
PIC := -fPIC
# The tests under the sanitizers take less time to run at -O3 than to compile.
ASAN_OPT := -O1 -g1
# What tests add to it is no code whose speed counts.
TEST_OPT := -O1 -g1
ASAN := -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer

src = $(sort $(wildcard $(addsuffix /*.c,$(1)) $(addsuffix /*.cpp,$(1))))
SW_DIRS := $(filter-out sw/cli sw/tools sw/examples,$(patsubst %/,%,$(wildcard sw/*/)))
SW_SRC := $(call src,$(SW_DIRS))
DRIVER_SRC := $(call src,driver $(patsubst %/,%,$(wildcard driver/*/)))
CLI_SRC := $(call src,sw/cli)
# What the demo links too has to do without Check; tests/support/checked is for tests alone.
SUPPORT_SRC := $(call src,tests/support)
CHECKED_SRC := $(call src,tests/support/checked)
UNIT_NAMES := $(notdir $(basename $(call src,tests/unit)))
CHECK_LIBS := libtrine_checked.a libtrine_test.a libtrine_sw.a libtrine_driver.a
obj = $(patsubst %,$(1)/obj/%.o,$(basename $(2)))

# Headers that must exist before anything is compiled; fragments add theirs.
GEN_HEADERS := $(addprefix $(B)/gen/trine_config,s.h _row.h _rules.h)
# Unit tests too slow for the sanitizers, run from the plain build instead; fragments add theirs.
UNIT_PLAIN :=

include $(filter-out $(B)/%,$(sort $(wildcard *.mk */*.mk */*/*.mk)))

UNIT_PROGRAMS := $(addprefix $(B)/asan/tests/,$(filter-out $(UNIT_PLAIN),$(UNIT_NAMES))) \
  $(addprefix $(B)/tests/,$(UNIT_PLAIN))

.PHONY: help doctor setup build build-all demo test test-run unit unit-programs unit-plain lint \
  lint-house lint-rtl lint-yosys lint-c lint-analyse lint-format lint-selftest format \
  check-gen synth \
  netlist-test formal wave shots mutate bench conformance fpga readme-test clean FORCE

## help: this list
help:
	@awk -f sw/tools/help.awk $(MAKEFILE_LIST)

## doctor: name every tool with its version, and how to get what is missing
doctor:
	@sh sw/tools/doctor.sh report

## setup: install the Debian packages that are missing (root or sudo); no network when none is
setup:
	@sh sw/tools/doctor.sh install demo test

## build: build/trine and the simulated accelerator (CONFIG=duo, or a name of rtl/configs.txt)
build:
	@sh sw/tools/doctor.sh check demo
	@sh sw/tools/config.sh check $(CONFIG)
	@$(MAKE) --no-print-directory $(PARALLEL) build-all

build-all: $(B)/trine $(B)/libtrine_sim_$(CONFIG).so

## demo: real networks in all modes, bit for bit against the stored results
demo:
	@sh sw/tools/doctor.sh install demo
	@$(MAKE) --no-print-directory $(PARALLEL) build-all
	@$(MAKE) --no-print-directory $(PARALLEL) demo-run

## test: everything that must hold, suite by suite (tests/suites.txt)
test:
	@sh sw/tools/doctor.sh install demo test
	@sh tests/run

## unit: the unit tests of sw/ and driver/ under the address and undefined behaviour sanitizers
unit:
	@$(MAKE) --no-print-directory $(PARALLEL) unit-programs
	@sh tests/unit/run_all.sh $(UNIT_PROGRAMS)

unit-programs: $(UNIT_PROGRAMS)

## unit-plain: the unit tests without sanitizers
unit-plain: $(patsubst %,$(B)/tests/%,$(UNIT_NAMES))
	@sh tests/unit/run_all.sh $^

## clean: remove everything that was built
clean:
	@rm -rf $(B)

# All that suites of tests/suites.txt which run side by side would build, and every chip of a test,
# by one make on all processors. Fragments add theirs.
TEST_CHIPS := $(patsubst %,$(B)/libtrine_sim_%.so,duo nano) \
  $(patsubst %,$(B)/plain/libtrine_sim_%.so,duo octo)
.PHONY: test-build
test-build:
	@sh sw/tools/doctor.sh check demo test
	@$(MAKE) --no-print-directory $(PARALLEL) build-all $(TEST_CHIPS) \
	  $(UNIT_PROGRAMS) $(TEST_BUILD)

# --- generic rules -------------------------------------------------------------------------------
$(B)/gen/trine_configs.h: CONFIG_PART := header
$(B)/gen/trine_config_row.h: CONFIG_PART := struct
$(B)/gen/trine_config_rules.h: CONFIG_PART := c-rules
$(B)/gen/trine_configs.h $(B)/gen/trine_config_row.h $(B)/gen/trine_config_rules.h: FORCE
	@mkdir -p $(@D) && sh sw/tools/config.sh $(CONFIG_PART) > $@.$$$$ && \
	  sh sw/tools/replace.sh $@.$$$$ $@

# One configuration: what is made of it depends on its row, not on the table.
$(B)/configs/%: FORCE
	@mkdir -p $(@D) && sh sw/tools/config.sh verilator $* > $@.$$$$ && \
	  sh sw/tools/replace.sh $@.$$$$ $@
.PRECIOUS: $(B)/configs/%

# Flags are part of what an object depends on: a change of them rebuilds it. Fixed here, because
# the recipe would else see what is set for the single target that asks for it.
FLAGS_TEXT := $(CC) $(PIC) $(CFLAGS) $(CXXFLAGS) $(INCLUDES) $(ASAN) $(ASAN_OPT) $(TEST_OPT)
$(B)/flags: FORCE
	@mkdir -p $(@D); printf '%s\n' '$(FLAGS_TEXT)' > $@.$$$$; sh sw/tools/replace.sh $@.$$$$ $@

$(B)/obj/tests/% $(B)/asan/obj/tests/%: private INCLUDES += -Itests
$(B)/obj/tests/% $(B)/obj/tb/%: private CFLAGS += $(TEST_OPT)
define compile_rules
$(1)/obj/%.o: %.c $(B)/flags | $$(GEN_HEADERS)
	$$(call say,CC$(3),$$<)
	$$(Q)mkdir -p $$(@D) && $$(CC) $$(CFLAGS) $(2) $$(INCLUDES) -MMD -MP -c -o $$@ $$<
$(1)/obj/%.o: %.cpp $(B)/flags | $$(GEN_HEADERS)
	$$(call say,CXX$(3),$$<)
	$$(Q)mkdir -p $$(@D) && $$(CXX) $$(CXXFLAGS) $(2) $$(INCLUDES) -MMD -MP -c -o $$@ $$<
$(1)/libtrine_sw.a: $(call obj,$(1),$(SW_SRC))
$(1)/libtrine_driver.a: $(call obj,$(1),$(DRIVER_SRC))
$(1)/libtrine_test.a: $(call obj,$(1),$(SUPPORT_SRC))
$(1)/libtrine_checked.a: $(call obj,$(1),$(CHECKED_SRC))
$(1)/lib%.a:
	$$(call say,AR,$$@)
	$$(Q)rm -f $$@ && $$(AR) rcs $$@ $$^
$(1)/tests/%: $(1)/obj/tests/unit/%.o $(addprefix $(1)/,$(CHECK_LIBS))
	$$(call say,LINK,$$@)
	$$(Q)mkdir -p $$(@D) && $$(CXX) $(2) -o $$@ $$< -Wl,--start-group $$(filter %.a,$$^) \
	  -Wl,--end-group $$(TEST_LDLIBS) $$(LDLIBS)
endef
$(eval $(call compile_rules,$(B),$(PIC),))
$(eval $(call compile_rules,$(B)/asan,$(ASAN) $(ASAN_OPT),.asan))
$(eval $(call compile_rules,$(B)/fuzz,$(FUZZ_FLAGS),.fuzz))
.PRECIOUS: $(B)/obj/%.o $(B)/asan/obj/%.o $(B)/fuzz/obj/%.o

$(B)/trine: $(call obj,$(B),$(CLI_SRC)) $(B)/libtrine_sw.a $(B)/libtrine_driver.a
	$(call say,LINK,$@)
	$(Q)$(CXX) -o $@ $(filter %.o,$^) -Wl,--start-group $(filter %.a,$^) -Wl,--end-group $(LDLIBS)

-include $(shell find $(B)/obj $(B)/analyse $(B)/asan/obj $(B)/fuzz/obj -name '*.d' 2>/dev/null)
