# SPDX-License-Identifier: Apache-2.0
# reference.mk: the reference of the C interface: its pages, and the check that nothing is missing.

# Headers whose every name has its words. A public header that is written is added here.
REFERENCE_HEADERS := $(filter-out %/trine_internal.h,$(wildcard driver/*.h)) $(addprefix sw/,\
  io/array.h io/error.h io/file.h io/npy.h io/npz.h golden/golden.h model/model.h onnx/onnx.h \
  planner/forecast.h planner/planner.h quantize/quantize.h sim/sim_backend.h)

# Pages whose names must be those of the headers.
REFERENCE_PAGES := README.md $(wildcard docs/*.md docs/reference/*.md)

.PHONY: reference lint-reference reference-selftest
## reference: pages on every public name of the C headers, in build/reference/html
reference:
	@sh sw/tools/doctor.sh check test
	$(call say,DOXYGEN,$(B)/reference/html)
	$(Q)sh tests/lint/reference.sh pages $(B)/reference docs/reference/reference.md \
	  $(REFERENCE_HEADERS)

lint-reference:
	$(call say,LINT,doxygen)
	$(Q)sh tests/lint/reference.sh check $(REFERENCE_HEADERS)
	$(Q)sh tests/lint/reference.sh names $(REFERENCE_PAGES)

## reference-selftest: each kind of name without a word is seen by the check
reference-selftest:
	@sh tests/lint/reference.sh selftest
