# SPDX-License-Identifier: Apache-2.0
# program.mk: what is generated from records.txt, and the check that it is current.

RECORDS_TABLE := rtl/program/records.txt
RECORDS_OUT := rtl/program/trine_records_pkg.sv driver/program/records.h
RECORDS_GUIDE := docs/programmers_guide.md
RECORDS_NEW := $(B)/check-gen/records

.PHONY: gen-records check-gen-records records-new

$(B)/recgen: $(patsubst %,$(B)/obj/sw/tools/%.o,recgen recgen_table recgen_sv recgen_c recgen_md \
    gen_line)
	$(call say,LINK,$@)
	$(Q)$(CC) -o $@ $^

records-new: $(B)/recgen
	@mkdir -p $(RECORDS_NEW)
	@$(B)/recgen $(RECORDS_TABLE) sv > $(RECORDS_NEW)/trine_records_pkg.sv
	@$(B)/recgen $(RECORDS_TABLE) c > $(RECORDS_NEW)/records.h
	@$(B)/recgen $(RECORDS_TABLE) md > $(RECORDS_NEW)/records.md
	@awk -v folder=$(RECORDS_NEW) -f sw/tools/page.awk $(RECORDS_GUIDE) > \
	  $(RECORDS_NEW)/programmers_guide.md

## gen-records: write the RTL package, C header and guide's tables from rtl/program/records.txt
gen-records: records-new
	@for f in $(RECORDS_OUT) $(RECORDS_GUIDE); do cp $(RECORDS_NEW)/$$(basename $$f) $$f; done

check-gen: check-gen-records
check-gen-records: records-new
	@for f in $(RECORDS_OUT) $(RECORDS_GUIDE); do \
	  diff -u $$f $(RECORDS_NEW)/$$(basename $$f) || exit 1; done
	@echo "records: generated files are current"

TEST_BUILD += $(B)/recgen
