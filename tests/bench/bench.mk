# SPDX-License-Identifier: Apache-2.0
# bench.mk: the benchmark, its page and plots; and how fast the golden model computes.

BENCH_SRC := $(call src,tests/bench)
BENCH_OBJ := $(call obj,$(B),$(filter-out %/bench_golden.c tests/bench/report%,$(BENCH_SRC)))
BENCH_REPORT_OBJ := $(call obj,$(B),$(filter tests/bench/report% %/results.c,$(BENCH_SRC)))
# Chips of the core of octo-xl with fewer of them: cores without work cost as much time to simulate
# as the others.
BENCH_FEWER := octo-xl-1 octo-xl-2 octo-xl-4
BENCH_CONFIGS := duo quad octo octo-xl $(BENCH_FEWER) big
BENCH_LIBS := $(foreach name,$(BENCH_CONFIGS),$(B)/libtrine_sim_$(name).so)
BENCH_ONLY ?=
# What can change a row: hardware, its simulation, the driver, and the cases and weights.
BENCH_INPUTS = $(shell cat $$(find rtl tb/chip driver sw/sim sw/planner \
  tests/support/random_network.c tests/bench/work.c tests/bench/measure.c \
  -type f | LC_ALL=C sort) | cksum | cut -d' ' -f1)
BENCH_COMMIT = $(shell git describe --always --dirty 2>/dev/null || echo unknown)
BENCH_TOOLS = $(shell $(VERILATOR) --version 2>/dev/null | cut -d' ' -f1-2), \
  gcc $(shell $(CC) -dumpfullversion 2>/dev/null)
BENCH_RUN = $(B)/bench --json $(B)/bench.json --inputs '$(BENCH_INPUTS)' \
  --commit '$(BENCH_COMMIT)' --tools '$(strip $(BENCH_TOOLS))' \
  $(if $(BENCH_ONLY),--only '$(BENCH_ONLY)')

$(B)/bench-configs.txt: rtl/configs.txt tests/bench/bench.mk
	$(Q)mkdir -p $(@D) && awk '$$1 == "name" { print } \
	  $$1 == "octo-xl" { for (n = 1; n < 8; n *= 2) { $$1 = "octo-xl-" n; $$2 = n; print } }' $< > $@
$(addprefix $(B)/configs/,$(BENCH_FEWER)): export TRINE_CONFIGS := $(B)/bench-configs.txt
$(addprefix $(B)/configs/,$(BENCH_FEWER)): $(B)/bench-configs.txt

$(B)/obj/tests/bench/%: private INCLUDES += -Itests
$(B)/bench: $(BENCH_OBJ) $(addprefix $(B)/,libtrine_test.a libtrine_sw.a libtrine_driver.a)
	$(call say,LINK,$@)
	$(Q)$(CXX) -o $@ $(filter %.o,$^) -Wl,--start-group $(filter %.a,$^) -Wl,--end-group $(LDLIBS)

$(B)/bench_report: $(BENCH_REPORT_OBJ) $(B)/libtrine_test.a $(B)/libtrine_sw.a
	$(call say,LINK,$@)
	$(Q)$(CXX) -o $@ $^ $(LDLIBS)

$(B)/bench_golden: tests/bench/bench_golden.c $(B)/libtrine_sw.a $(B)/libtrine_driver.a \
    $(B)/libtrine_test.a
	$(call say,LINK,$@)
	$(Q)$(CC) $(CFLAGS) -Idriver -Isw -Itests -o $@ $< $(B)/libtrine_test.a $(B)/libtrine_sw.a \
	  $(B)/libtrine_driver.a -lzip -ldl -lm -lstdc++

# It goes on from the rows that the tree has: those of other inputs are run again.
$(B)/bench.json:
	$(Q)mkdir -p $(@D) && { [ ! -f docs/performance/bench.json ] || \
	  cp docs/performance/bench.json $@; }

.PHONY: bench bench-quick bench-golden
## bench-quick: the rows of the benchmark that the table of targets is made of
bench-quick: $(B)/bench $(BENCH_LIBS) $(B)/bench.json
	@$(BENCH_RUN) --quick

## bench-golden: products a second of the golden model on one thread (fails below 2 G at 256 units)
bench-golden: $(B)/bench_golden
	$(Q)./$(B)/bench_golden

## bench: the whole benchmark, restartable, build/bench.json (BENCH_ONLY=text for rows with it)
bench: bench-golden $(B)/bench $(BENCH_LIBS) $(B)/bench.json
	@$(BENCH_RUN)

## bench-selftest: the benchmark keeps and repeats rows, its counters add up, its page comes out
.PHONY: bench-selftest
bench-selftest: $(B)/bench $(B)/bench_report $(B)/libtrine_sim_duo.so
	@sh tests/bench/selftest.sh

## docs-bench: docs/performance.md and its plots from build/bench.json (fst2vcd of gtkwave)
.PHONY: docs-bench
docs-bench: $(B)/bench $(B)/bench_report $(foreach n,duo quad,$(B)/libtrine_sim_$(n).so)
	@mkdir -p docs/performance
	@sh tests/bench/timeline.sh docs/performance/timeline.svg
	@tr -d '\t\n' < $(B)/bench.json > docs/performance/bench.json
	@$(B)/bench_report --json $(B)/bench.json --page docs/performance.md --plots docs/performance \
	  --rows $$($(B)/bench --list | grep -c ', B ')

TEST_BUILD += $(B)/bench $(B)/bench_report
