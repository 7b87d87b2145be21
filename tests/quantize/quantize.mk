# SPDX-License-Identifier: Apache-2.0
# quantize.mk: quantised models against the reference interpreter (optional Python).

# Whole trained networks over whole data sets: too much for the sanitizers.
UNIT_PLAIN += test_quantize

.PHONY: quantize-oracle quantize-models quantize-corpus
quantize-models: $(B)/trine
	@sh tests/quantize/models.sh $(B)/quantized

## quantize-corpus: what quantising costs: decibels end to end, and points of tasks
quantize-corpus: quantize-models
	@sh tests/quantize/corpus.sh $(B)/quantized

## quantize-oracle: models made by `trine quantize` in the reference interpreter, byte for byte
quantize-oracle: quantize-models
	@sh sw/tools/doctor.sh install demo test python
	@$(MAKE) --no-print-directory conformance-tools
	@$(CONFORMANCE_VENV)/bin/python -B tests/quantize/oracle.py $(B)/trine 5 $(B)/quantized/*.tflite
