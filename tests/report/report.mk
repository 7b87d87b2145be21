# SPDX-License-Identifier: Apache-2.0
# report.mk: the page of `trine quantize --report` in a browser.

.PHONY: report-test
## report-test: pages of trine quantize --report in Chromium, if there is one, without a screen
report-test: $(B)/trine
	@sh tests/report/browser.sh
