# SPDX-License-Identifier: Apache-2.0
# bench.mk: how fast the golden model computes on this machine.

$(B)/bench_golden: tests/bench/bench_golden.c $(B)/libtrine_sw.a $(B)/libtrine_driver.a \
    $(B)/libtrine_test.a
	$(call say,LINK,$@)
	$(Q)$(CC) $(CFLAGS) -Idriver -Isw -Itests -o $@ $< $(B)/libtrine_test.a $(B)/libtrine_sw.a \
	  $(B)/libtrine_driver.a -lzip -ldl -lm -lstdc++

## bench: products a second of the golden model on one thread (fails below 2 G at 256 units)
.PHONY: bench
bench: $(B)/bench_golden
	$(Q)./$(B)/bench_golden
