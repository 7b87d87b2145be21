# SPDX-License-Identifier: Apache-2.0
# bus.mk: what driver/trine_bus.h promises: the order of memory and registers, and caches.

.PHONY: bus
## bus: barriers as each compiler makes them; images and rows in place behind a cache, on the chip
bus:
	@sh tests/bus/barriers.sh
	@sh tests/bus/barriers.sh selftest
