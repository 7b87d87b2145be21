# SPDX-License-Identifier: Apache-2.0
# versus.mk: a model beside what else could run it (optional Python, its packages pinned).

VERSUS_VENV := $(B)/venv-versus
VERSUS_MODELS := $(patsubst %,tests/models/%.tflite,vad vowels bidi chars stack4)
VERSUS = $(VERSUS_VENV)/bin/python -B tests/versus/versus.py $(B)/trine

$(VERSUS_VENV)/done: tests/versus/requirements.txt
	$(call say,VENV,$(VERSUS_VENV))
	$(Q)python3 -m venv $(VERSUS_VENV)
	$(Q)$(VERSUS_VENV)/bin/pip install -q --disable-pip-version-check -r $<
	$(Q)touch $@

.PHONY: versus versus-docs versus-tools
versus-tools: $(B)/trine $(VERSUS_VENV)/done

## versus: MODEL=M.tflite [ONNX=M.onnx] beside Arm's Vela, TFLM and onnxruntime (docs/versus.md)
versus:
	@sh sw/tools/doctor.sh install demo python
	@$(MAKE) --no-print-directory $(PARALLEL) versus-tools
	@$(VERSUS) $(if $(ONNX),--onnx '$(ONNX)') $(if $(MODEL),'$(MODEL)',$(VERSUS_MODELS))

## versus-docs: write the tables of docs/versus.md
versus-docs:
	@sh sw/tools/doctor.sh install demo python
	@$(MAKE) --no-print-directory $(PARALLEL) versus-tools
	@$(VERSUS) --into docs/versus.md $(VERSUS_MODELS)
