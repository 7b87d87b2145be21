# SPDX-License-Identifier: Apache-2.0
# unit.mk: unit tests at scale, beside what `make unit` runs of them.

# Whole data sets through real models, and the forecasts of every placement of drawn networks: a
# minute under the sanitizers, which see the same code in the other tests of golden model, readers
# and planner.
UNIT_PLAIN += test_model_real test_planner test_planner_long

# Damaged images a mode.
IMAGE_ROUNDS ?= 200000

.PHONY: images-long
## images-long: many damaged images with a right CRC, refused or run, under the sanitizers
images-long: $(B)/asan/tests/test_driver_images
	@TRINE_IMAGE_ROUNDS=$(IMAGE_ROUNDS) $<
