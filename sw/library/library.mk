# SPDX-License-Identifier: Apache-2.0
# library.mk: libtrine, static and shared, and what `make install` puts where (docs/library.md).
#
# All of sw and driver but the command is in it, and what sw/library/exports.txt names can be seen
# from outside. build/install has what depends on where it is installed.

PREFIX ?= /usr/local
BINDIR ?= $(PREFIX)/bin
LIBDIR ?= $(PREFIX)/lib
INCLUDEDIR ?= $(PREFIX)/include
DESTDIR ?=
LIBRARY := $(B)/install
LIBRARY_VERSION := $(shell sed -n 's/^\#define TRINE_VERSION_TEXT "\([0-9.]*\)".*/\1/p' \
  driver/trine_version.h)
LIBRARY_SONAME := libtrine.so.$(firstword $(subst ., ,$(LIBRARY_VERSION)))
LIBRARY_FILE := libtrine.so.$(LIBRARY_VERSION)
LIBRARY_HEADERS = $(shell sed -e '/^\#/d' -e 's/ .*//' sw/library/headers.txt)
LIBRARY_OBJ = $(LIBRARY)/chip_folder.o $(B)/obj/gen/onnx.pb-c.o \
  $(call obj,$(B),$(filter-out sw/sim/chip_folder.c,$(SW_SRC)) $(DRIVER_SRC))
# The simulated chips that are built, and that of CONFIG.
LIBRARY_CHIPS = $(sort $(wildcard $(B)/libtrine_sim_*.so) $(B)/libtrine_sim_$(CONFIG).so)

$(LIBRARY)/places: FORCE
	@mkdir -p $(@D) && echo '$(PREFIX) $(LIBDIR) $(INCLUDEDIR)' > $@.$$$$ && \
	  sh sw/tools/replace.sh $@.$$$$ $@
$(LIBRARY)/chip_folder.o: sw/sim/chip_folder.c $(LIBRARY)/places $(B)/flags
	$(call say,CC,$<)
	$(Q)$(CC) $(CFLAGS) $(PIC) $(INCLUDES) -DTRINE_CHIP_FOLDER='"$(LIBDIR)/trine"' -c -o $@ $<
$(LIBRARY)/trine.pc: sw/library/trine.pc.in $(LIBRARY)/places driver/trine_version.h
	$(Q)sed -e 's|@PREFIX@|$(PREFIX)|' -e 's|@LIBDIR@|$(LIBDIR)|' \
	  -e 's|@INCLUDEDIR@|$(INCLUDEDIR)|' -e 's|@VERSION@|$(LIBRARY_VERSION)|' $< > $@
$(LIBRARY)/exports.map: sw/library/exports.txt
	$(Q)mkdir -p $(@D) && { echo '$(LIBRARY_SONAME) { global:'; sed 's/$$/;/' $<; \
	  echo 'local: *; };'; } > $@
$(LIBRARY)/$(LIBRARY_FILE): $(LIBRARY_OBJ) $(LIBRARY)/exports.map
	$(call say,LINK,$@)
	$(Q)$(CXX) -shared -Wl,-z,defs -Wl,-Bsymbolic -Wl,-soname,$(LIBRARY_SONAME) \
	  -Wl,--version-script=$(LIBRARY)/exports.map -o $@ $(filter %.o,$^) $(LDLIBS)
# One object, so that what is not exported can be hidden in it.
$(LIBRARY)/libtrine.a: $(LIBRARY_OBJ) sw/library/exports.txt
	$(call say,AR,$@)
	$(Q)$(CXX) -r -nostdlib -o $@.o $(filter %.o,$^) && \
	  objcopy --keep-global-symbols=sw/library/exports.txt $@.o && \
	  rm -f $@ && $(AR) rcs $@ $@.o && rm -f $@.o
$(LIBRARY)/trine: $(call obj,$(B),$(CLI_SRC)) $(LIBRARY)/chip_folder.o $(B)/libtrine_sw.a \
    $(B)/libtrine_driver.a
	$(call say,LINK,$@)
	$(Q)$(CXX) -o $@ $(filter %.o,$^) -Wl,--start-group $(filter %.a,$^) -Wl,--end-group $(LDLIBS)

# The public headers as they are installed; programs of sw/examples are compiled with them too.
$(B)/include/trine/made: sw/library/headers.txt sw/library/headers.sh \
    $(wildcard driver/*.h driver/*/*.h sw/*/*.h) | $(GEN_HEADERS)
	$(call say,HEADERS,$(@D))
	$(Q)sh sw/library/headers.sh $(B) $(@D) && touch $@

.PHONY: library library-exports library-test install uninstall
## library: libtrine.so and libtrine.a, with their headers, for PREFIX=/usr/local
library: $(addprefix $(LIBRARY)/,$(LIBRARY_FILE) libtrine.a trine.pc) $(B)/include/trine/made

## library-exports: write anew which functions libtrine shows (sw/library/exports.txt)
library-exports: $(B)/include/trine/made
	@sh sw/library/exports.sh $(B)/include > sw/library/exports.txt

## install: command, library, headers and the chips that are built, to PREFIX (DESTDIR before it)
install: library $(LIBRARY)/trine $(LIBRARY_CHIPS)
	$(Q)install -d $(addprefix $(DESTDIR),$(BINDIR) $(LIBDIR)/trine $(LIBDIR)/pkgconfig)
	$(Q)install $(LIBRARY)/trine $(DESTDIR)$(BINDIR)
	$(Q)install -m 644 $(LIBRARY)/$(LIBRARY_FILE) $(LIBRARY)/libtrine.a $(DESTDIR)$(LIBDIR)
	$(Q)ln -sf $(LIBRARY_FILE) $(DESTDIR)$(LIBDIR)/$(LIBRARY_SONAME)
	$(Q)ln -sf $(LIBRARY_SONAME) $(DESTDIR)$(LIBDIR)/libtrine.so
	$(Q)install -m 644 $(LIBRARY)/trine.pc $(DESTDIR)$(LIBDIR)/pkgconfig
	$(Q)install -m 644 $(LIBRARY_CHIPS) $(DESTDIR)$(LIBDIR)/trine
	$(Q)for header in $(LIBRARY_HEADERS); do \
	  install -D -m 644 $(B)/include/trine/$$header $(DESTDIR)$(INCLUDEDIR)/trine/$$header || \
	  exit 1; done

## uninstall: remove what install put there
uninstall:
	$(Q)rm -rf $(addprefix $(DESTDIR),$(INCLUDEDIR)/trine $(LIBDIR)/trine)
	$(Q)rm -f $(DESTDIR)$(BINDIR)/trine $(DESTDIR)$(LIBDIR)/pkgconfig/trine.pc \
	  $(addprefix $(DESTDIR)$(LIBDIR)/,$(LIBRARY_FILE) $(LIBRARY_SONAME) libtrine.so libtrine.a)

## library-test: libtrine, installed into a folder of its own and used from outside of the tree
library-test: library $(LIBRARY)/trine $(B)/example $(B)/libtrine_sim_duo.so
	@sh tests/library/library.sh

TEST_BUILD += $(addprefix $(LIBRARY)/,$(LIBRARY_FILE) libtrine.a trine)
