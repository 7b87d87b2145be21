# SPDX-License-Identifier: Apache-2.0
# lint.mk: what `make lint` is made of; every part can be run alone.

LINT_CONFIGS := $(shell sh sw/tools/config.sh names)
C_FILES = $(shell git ls-files -co --exclude-standard -- '*.c' '*.h' '*.cpp')
LINT_C_DIRS := $(filter-out sw/tools,$(SW_DIRS)) sw/cli sw/examples driver tb tests/unit \
  tests/support
CPPCHECK := cppcheck --quiet --std=c11 --std=c++17 --enable=warning,performance,portability \
  --error-exitcode=1 --template='{file}:{line}: {message} [{id}]' --suppress=missingIncludeSystem \
  --suppressions-list=tests/lint/cppcheck.txt $(INCLUDES) -Itests -Itb

## lint: house rules, reference, RTL in Verilator and Yosys, C in cppcheck and gcc's analyser
lint:
	@$(MAKE) --no-print-directory $(PARALLEL) -k lint-all

.PHONY: lint-all lint-mutants lint-assertions
lint-all: lint-house lint-assertions lint-format lint-mutants lint-reference lint-c lint-analyse \
  lint-rtl lint-yosys

lint-mutants:
	$(call say,LINT,mutants)
	$(Q)sh tests/mutate/apply.sh

lint-assertions:
	@sh tests/lint/assertions.sh

lint-house:
	@sh tests/lint/house.sh

## lint-selftest: each house rule turns red on a file made to break it
lint-selftest:
	@sh tests/lint/selftest.sh

.PHONY: config-test
## config-test: a row of rtl/configs.txt that breaks a rule is refused; a new one builds no other
config-test: $(B)/trine
	@sh tests/lint/configs.sh

lint-rtl: $(addprefix lint-rtl-,$(filter-out $(LINT_MANY),$(LINT_CONFIGS)))
# quad and octo are duo with more cores, as octo-xl is; ulx3s-64 is ulx3s with other lanes; big
# takes a minute and a half of a processor: lint-configs has these too. In Yosys octo-xl is duo
# again, and solo is synthesised by the suite netlist, with the same list of warnings.
LINT_MANY := quad octo big ulx3s-64
lint-yosys: $(addprefix lint-yosys-,$(filter-out $(LINT_MANY) octo-xl solo,$(LINT_CONFIGS)))
## lint-configs: the RTL of every configuration in Verilator and Yosys
.PHONY: lint-configs
lint-configs: $(addprefix lint-rtl-,$(LINT_CONFIGS)) $(addprefix lint-yosys-,$(LINT_CONFIGS))
.PHONY: $(addprefix lint-rtl-,$(LINT_CONFIGS)) $(addprefix lint-yosys-,$(LINT_CONFIGS))
$(addprefix lint-rtl-,$(LINT_CONFIGS)): lint-rtl-%:
	$(call say,LINT,verilator $*)
	$(Q)sh tests/lint/rtl.sh verilator $*
$(addprefix lint-yosys-,$(LINT_CONFIGS)): lint-yosys-%:
	$(call say,LINT,yosys $*)
	$(Q)sh tests/lint/rtl.sh yosys $*

# The libraries are built with -Wconversion -Werror: building them is the check.
lint-c: $(B)/libtrine_sw.a $(B)/libtrine_driver.a
	$(call say,LINT,cppcheck)
	$(Q)$(CPPCHECK) $(wildcard $(LINT_C_DIRS))

# gcc's analyser, file by file: use after free, NULL, leaks. A file is looked at again when it or a
# header of it changed.
ANALYSED = $(filter %.c,$(DRIVER_SRC) $(SW_SRC) $(CLI_SRC) $(call src,sw/examples) \
  $(SUPPORT_SRC) $(CHECKED_SRC))
ANALYSE := sh tests/lint/analyse.sh tests/lint/analyser.txt
lint-analyse: $(patsubst %.c,$(B)/analyse/%,$(ANALYSED))
	$(if $(ANALYSED),,$(error No file is analysed))
$(B)/analyse/%: %.c tests/lint/analyse.sh tests/lint/analyser.txt | $(GEN_HEADERS)
	$(call say,ANALYSE,$<)
	$(Q)$(ANALYSE) $< $@ gcc -std=c11 -D_POSIX_C_SOURCE=200809L $(INCLUDES) \
	  -Itests

# The generated headers have the layout of their generators.
GENERATED_HEADERS := driver/trine_regs.h driver/program/records.h
lint-format:
	$(call say,LINT,clang-format)
	$(Q)clang-format --dry-run -Werror $(filter-out $(GENERATED_HEADERS),$(wildcard $(C_FILES)))

## format: put the C and C++ files into the house layout
format:
	@clang-format -i $(filter-out $(GENERATED_HEADERS),$(wildcard $(C_FILES)))
