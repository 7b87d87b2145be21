# SPDX-License-Identifier: Apache-2.0
# model.mk: the .tflite reader's header, made from our own small schema by flatc.

GEN_HEADERS += $(B)/gen/tflite_generated.h

$(B)/gen/tflite_generated.h: sw/model/tflite.fbs
	$(call say,FLATC,$@)
	$(Q)mkdir -p $(@D) && flatc --cpp -o $(@D) $<
