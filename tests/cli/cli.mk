# SPDX-License-Identifier: Apache-2.0
# cli.mk: tests of the command against a device that is none.

$(B)/obj/tests/cli/%: private INCLUDES += -Itests
$(B)/tests/stray_device: $(B)/obj/tests/cli/stray_device.o $(addprefix $(B)/,$(CHECK_LIBS))
	$(call say,LINK,$@)
	$(Q)mkdir -p $(@D) && $(CXX) -o $@ $< -Wl,--start-group $(filter %.a,$^) -Wl,--end-group \
	  $(LDLIBS) $(TEST_LDLIBS)

.PHONY: strays
## strays: what a crashed process left running on a device: named, and stopped when that is asked
strays: $(B)/trine $(B)/tests/stray_device
	@sh tests/cli/strays.sh

TEST_BUILD += $(B)/tests/stray_device
