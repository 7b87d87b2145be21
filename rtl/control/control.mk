# SPDX-License-Identifier: Apache-2.0
# control.mk: register files generated from registers.txt, and the check that they are current.

REGS_TABLE := rtl/control/registers.txt
REGS_OUT := rtl/control/trine_regs_pkg.sv driver/trine_regs.h docs/registers.md

.PHONY: gen-regs check-gen-regs

$(B)/reggen: $(B)/obj/sw/tools/reggen.o $(B)/obj/sw/tools/reggen_table.o \
    $(B)/obj/sw/tools/gen_line.o
	$(call say,LINK,$@)
	$(Q)$(CC) -o $@ $^

## gen-regs: write the register package, C header and docs from rtl/control/registers.txt
gen-regs: $(B)/reggen
	$(Q)$(B)/reggen $(REGS_TABLE) sv > rtl/control/trine_regs_pkg.sv
	$(Q)$(B)/reggen $(REGS_TABLE) c > driver/trine_regs.h
	$(Q)$(B)/reggen $(REGS_TABLE) md > docs/registers.md

RULES_OUT := rtl/common/trine_config_rules.svh

.PHONY: gen-rules check-gen-rules
## gen-rules: write the checks of trine_top's parameters from rtl/config_rules.txt
gen-rules:
	$(Q)sh sw/tools/config.sh rules > $(RULES_OUT)

check-gen: check-gen-rules
check-gen-rules:
	@mkdir -p $(B)/check-gen
	@sh sw/tools/config.sh rules > $(B)/check-gen/rules.svh
	@diff -u $(RULES_OUT) $(B)/check-gen/rules.svh

check-gen-regs: $(B)/reggen
	@mkdir -p $(B)/check-gen
	@$(B)/reggen $(REGS_TABLE) sv > $(B)/check-gen/trine_regs_pkg.sv
	@$(B)/reggen $(REGS_TABLE) c > $(B)/check-gen/trine_regs.h
	@$(B)/reggen $(REGS_TABLE) md > $(B)/check-gen/registers.md
	@for f in $(REGS_OUT); do diff -u $$f $(B)/check-gen/$$(basename $$f) || exit 1; done
	@$(B)/reggen $(REGS_TABLE) check rtl/pkg/trine_pkg.sv rtl/configs.txt
	@echo "registers: generated files are current"

## check-gen: generated files that are committed are what their sources say
check-gen: check-gen-regs

TEST_BUILD += $(B)/reggen
