# SPDX-License-Identifier: Apache-2.0
# onnx_graphs.mk: drawn graphs against onnxruntime, at scale and on a set kept in tests/onnx/drawn.

ONNX_GRAPHS ?= 5000
ONNX_GRAPHS_SEED ?= 1
# Per cent that have to be accepted, so that the comparison means something.
ONNX_GRAPHS_SHARE := 30
ONNX_GRAPHS_DIR := tests/onnx
ONNX_GRAPHS_SET_COUNT := 60
# That of the set, of which 39 of 60 are: one less is a change.
ONNX_GRAPHS_SET_SHARE := 65
ONNX_GRAPHS_VENV := $(B)/venv-onnx
ONNX_GRAPHS_DRAW := $(ONNX_GRAPHS_VENV)/bin/python -B $(ONNX_GRAPHS_DIR)/draw_graphs.py
ONNX_GRAPHS_OBJ := $(call obj,$(B),$(call src,$(ONNX_GRAPHS_DIR)))
ONNX_GRAPHS_CASES := $(B)/onnx-graphs-cases

$(B)/onnx-graphs: $(ONNX_GRAPHS_OBJ) $(B)/libtrine_sw.a $(B)/libtrine_driver.a
	$(call say,LINK,$@)
	$(Q)$(CXX) -o $@ $(ONNX_GRAPHS_OBJ) -Wl,--start-group $(filter %.a,$^) -Wl,--end-group \
	  $(LDLIBS)

# Python is for drawing only; its packages are pinned.
$(ONNX_GRAPHS_VENV)/done: $(ONNX_GRAPHS_DIR)/requirements.txt
	$(call say,VENV,$(ONNX_GRAPHS_VENV))
	$(Q)python3 -m venv $(ONNX_GRAPHS_VENV)
	$(Q)$(ONNX_GRAPHS_VENV)/bin/pip install -q --disable-pip-version-check -r $<
	$(Q)touch $@

.PHONY: onnx-graphs onnx-graphs-run onnx-set onnx-set-remake onnx-cases \
  onnx-corpus onnx-corpus-remake
## onnx-graphs: ONNX_GRAPHS=5000 random graphs against onnxruntime (needs the network once)
onnx-graphs:
	@sh sw/tools/doctor.sh install demo test python
	@$(MAKE) --no-print-directory $(PARALLEL) $(B)/onnx-graphs $(ONNX_GRAPHS_VENV)/done
	@$(MAKE) --no-print-directory onnx-graphs-run

onnx-graphs-run:
	$(Q)rm -rf $(ONNX_GRAPHS_CASES) && mkdir -p $(ONNX_GRAPHS_CASES)
	$(Q)$(ONNX_GRAPHS_DRAW) $(ONNX_GRAPHS_CASES) $(ONNX_GRAPHS) $(ONNX_GRAPHS_SEED)
	$(Q)$(B)/onnx-graphs check $(ONNX_GRAPHS_CASES) $(ONNX_GRAPHS) $(ONNX_GRAPHS_SHARE)

## onnx-set: the committed drawn graphs with onnxruntime's results; no Python
onnx-set: $(B)/onnx-graphs
	$(Q)$(B)/onnx-graphs check $(ONNX_GRAPHS_DIR)/drawn $(ONNX_GRAPHS_SET_COUNT) \
	  $(ONNX_GRAPHS_SET_SHARE)

## onnx-cases: graphs as real projects have them, each with what onnxruntime makes of it; no Python
onnx-cases: $(B)/onnx-graphs
	$(Q)$(B)/onnx-graphs cases $(wildcard $(ONNX_GRAPHS_DIR)/cases/* $(ONNX_GRAPHS_DIR)/corpus/*)

## onnx-corpus: the table of docs/onnx-corpus.md, of what the corpus of .onnx networks does
onnx-corpus: $(B)/onnx-graphs
	$(Q)sed '/^| network/,$$d' docs/onnx-corpus.md > $(B)/onnx-corpus.md
	$(Q)printf '| network | what it is | as int8, against onnxruntime |\n|---|---|---|\n' \
	  >> $(B)/onnx-corpus.md
	$(Q)$(B)/onnx-graphs table $(wildcard $(ONNX_GRAPHS_DIR)/corpus/*) \
	  >> $(B)/onnx-corpus.md
	$(Q)cp $(B)/onnx-corpus.md docs/onnx-corpus.md

## onnx-corpus-remake: draw that corpus and onnxruntime's results again
onnx-corpus-remake: $(ONNX_GRAPHS_VENV)/done
	$(Q)$(ONNX_GRAPHS_VENV)/bin/python -B $(ONNX_GRAPHS_DIR)/make_corpus.py $(ONNX_GRAPHS_DIR)/corpus

## onnx-set-remake: draw that set and its results again
onnx-set-remake: $(ONNX_GRAPHS_VENV)/done
	$(Q)rm -rf $(ONNX_GRAPHS_DIR)/drawn && mkdir -p $(ONNX_GRAPHS_DIR)/drawn
	$(Q)$(ONNX_GRAPHS_DRAW) $(ONNX_GRAPHS_DIR)/drawn $(ONNX_GRAPHS_DIR)/drawn.txt 2

# PyTorch is large: an environment of its own.
ONNX_RECIPES_VENV := $(B)/venv-torch
$(ONNX_RECIPES_VENV)/done: $(ONNX_GRAPHS_DIR)/requirements-torch.txt
	$(call say,VENV,$(ONNX_RECIPES_VENV))
	$(Q)python3 -m venv $(ONNX_RECIPES_VENV)
	$(Q)$(ONNX_RECIPES_VENV)/bin/pip install -q --disable-pip-version-check -r $<
	$(Q)touch $@

.PHONY: onnx-recipes onnx-recipes-tools
onnx-recipes-tools: $(B)/trine $(ONNX_RECIPES_VENV)/done
## onnx-recipes: docs/quantize.md with PyTorch, plain, stateful and packed (network once, 6 GB)
onnx-recipes:
	@sh sw/tools/doctor.sh install demo python
	@$(MAKE) --no-print-directory $(PARALLEL) onnx-recipes-tools
	@$(ONNX_RECIPES_VENV)/bin/python -B $(ONNX_GRAPHS_DIR)/recipes.py $(B)/trine $(B)/onnx-recipes

TEST_BUILD += $(B)/onnx-graphs
