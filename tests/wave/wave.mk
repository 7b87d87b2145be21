# SPDX-License-Identifier: Apache-2.0
# wave.mk: waveforms with a saved view, and their pictures in docs/waves.

TEST ?= helper
SEED ?= 1
WAVE_TESTS := single multithreading helper
WAVE_INPUT = $(MAKE) --no-print-directory $(PARALLEL) $(B)/tests/npy_head

## wave: one time step in GTKWave: TEST=single, multithreading, helper or a scenario (SEED=n)
.PHONY: wave shots wave-views
wave: build
	$(Q)$(WAVE_INPUT)
	$(Q)$(if $(filter $(TEST),$(WAVE_TESTS)),,$(MAKE) --no-print-directory $(PARALLEL) \
	  $(B)/test_scenarios $(B)/libtrine_sim_duo.so $(B)/libtrine_sim_octo.so)
	$(Q)TRINE_SEED=$(SEED) sh tests/wave/wave.sh $(TEST)

## shots: remake the pictures in docs/waves (xvfb, imagemagick, gtkwave)
shots: build
	$(Q)$(WAVE_INPUT)
	$(Q)for t in $(WAVE_TESTS); do echo "SHOT    docs/waves/$$t.png"; \
	  sh tests/wave/wave.sh $$t docs/waves/$$t.png || exit 1; done

## wave-views: the views name signals that are there; without display or GTKWave it is said
wave-views: build
	$(Q)$(WAVE_INPUT)
	$(Q)for t in $(WAVE_TESTS); do DISPLAY= sh tests/wave/wave.sh $$t || exit 1; done
	@sh tests/wave/selftest.sh
