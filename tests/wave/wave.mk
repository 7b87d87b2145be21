# SPDX-License-Identifier: Apache-2.0
# wave.mk: waveforms with a saved view, and their pictures in docs/waves.

TEST ?= helper
WAVE_TESTS := single multithreading helper

## wave: the waveform of one time step in GTKWave: TEST=single, multithreading or helper
.PHONY: wave shots wave-views
wave: build
	$(Q)sh tests/wave/wave.sh $(TEST)

## shots: remake the pictures in docs/waves (xvfb, imagemagick, gtkwave)
shots: build
	$(Q)for t in $(WAVE_TESTS); do echo "SHOT    docs/waves/$$t.png"; \
	  sh tests/wave/wave.sh $$t docs/waves/$$t.png || exit 1; done

wave-views: build
	$(Q)for t in $(WAVE_TESTS); do DISPLAY= sh tests/wave/wave.sh $$t || exit 1; done
