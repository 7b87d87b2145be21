# SPDX-License-Identifier: Apache-2.0
# reroll.mk: LSTMs that a converter took apart, put together again: files of TensorFlow's converter
# (a set in tests/reroll/set, and a larger corpus that is made), .onnx
# graphs made with onnx.helper (tests/reroll/onnx, by make_onnx.py), drawn ones of all forms, Loop
# and Scan included (tests/reroll/drawn, by draw_onnx.py), and drawn graphs without a file.

REROLL_DIR := tests/reroll
REROLL_GRAPHS ?= 20000
REROLL_SET_GRAPHS := 400
REROLL_VENV := $(B)/venv-reroll
REROLL_CORPUS := $(B)/reroll-corpus

$(B)/reroll-%: $(B)/obj/$(REROLL_DIR)/%.o \
    $(addprefix $(B)/,libtrine_test.a libtrine_sw.a libtrine_driver.a)
	$(call say,LINK,$@)
	$(Q)$(CXX) -o $@ $< -Wl,--start-group $(filter %.a,$^) -Wl,--end-group $(LDLIBS)

# Python is for making only; its packages are pinned.
$(REROLL_VENV)/done: $(REROLL_DIR)/requirements.txt
	$(call say,VENV,$(REROLL_VENV))
	$(Q)python3 -m venv $(REROLL_VENV)
	$(Q)$(REROLL_VENV)/bin/pip install -q --disable-pip-version-check -r $<
	$(Q)touch $@

.PHONY: reroll-set reroll-graphs reroll-onnx reroll-onnx-remake reroll-corpus docs-reroll
## reroll-set: LSTMs taken apart by TensorFlow's converter and in .onnx graphs, and a few drawn ones
reroll-set: $(B)/reroll-files $(B)/reroll-random
	$(Q)$(B)/reroll-files $(REROLL_DIR)/set $(REROLL_DIR)/onnx $(REROLL_DIR)/drawn
	$(Q)$(B)/reroll-random $(REROLL_SET_GRAPHS)

## reroll-graphs: REROLL_GRAPHS=20000 drawn graphs of LSTMs taken apart, a quarter of them spoilt
reroll-graphs: $(B)/reroll-random
	$(Q)$(B)/reroll-random $(REROLL_GRAPHS)

REROLL_ONNX ?= 200
REROLL_ONNX_SEED ?= 2
REROLL_ONNX_DRAW := $(ONNX_GRAPHS_VENV)/bin/python -B $(REROLL_DIR)/draw_onnx.py
## reroll-onnx: REROLL_ONNX=200 drawn .onnx: cells unrolled, in Loop or Scan (network once)
reroll-onnx: $(B)/reroll-files
	@sh sw/tools/doctor.sh install demo test python
	@$(MAKE) --no-print-directory $(ONNX_GRAPHS_VENV)/done
	$(Q)rm -rf $(B)/reroll-onnx && mkdir -p $(B)/reroll-onnx
	$(Q)$(REROLL_ONNX_DRAW) $(B)/reroll-onnx $(REROLL_ONNX) $(REROLL_ONNX_SEED)
	$(Q)$(B)/reroll-files $(B)/reroll-onnx

## reroll-onnx-remake: draw the committed ones again, with onnxruntime's results
reroll-onnx-remake: $(ONNX_GRAPHS_VENV)/done
	$(Q)rm -rf $(REROLL_DIR)/drawn && mkdir -p $(REROLL_DIR)/drawn
	$(Q)$(REROLL_ONNX_DRAW) $(REROLL_DIR)/drawn 24 1

## reroll-corpus: the corpus of converted LSTMs, made anew by TensorFlow (needs the network once)
reroll-corpus: $(B)/reroll-files
	@sh sw/tools/doctor.sh install demo test python
	@$(MAKE) --no-print-directory $(REROLL_VENV)/done
	$(Q)mkdir -p $(REROLL_CORPUS)
	$(Q)$(REROLL_VENV)/bin/python -B $(REROLL_DIR)/make.py $(REROLL_CORPUS)
	$(Q)$(B)/reroll-files $(REROLL_CORPUS)

## docs-reroll: the table of docs/converted.md from the corpus that `make reroll-corpus` made
docs-reroll: $(B)/reroll-files
	$(Q)sh $(REROLL_DIR)/page.sh $(B)/reroll-files $(REROLL_CORPUS) > docs/converted.md.tmp
	$(Q)mv docs/converted.md.tmp docs/converted.md

TEST_BUILD += $(B)/reroll-files $(B)/reroll-random
