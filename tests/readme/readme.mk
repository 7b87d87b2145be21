# SPDX-License-Identifier: Apache-2.0
# readme.mk: the README's commands in a bare Debian, and the comparison's own test.

## readme-test: run the README's commands in a bare Debian and compare what they print
readme-test:
	@sh tests/readme/run.sh $(README)

.PHONY: readme-selftest
readme-selftest:
	@sh tests/readme/selftest.sh
