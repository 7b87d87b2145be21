# SPDX-License-Identifier: Apache-2.0
# onnx.mk: the messages of an .onnx file in C, made from our own small schema by protoc-c.

GEN_HEADERS += $(B)/gen/onnx.pb-c.h


$(B)/gen/onnx.pb-c.h $(B)/gen/onnx.pb-c.c &: sw/onnx/onnx.proto
	$(call say,PROTOC,$(B)/gen/onnx.pb-c.h)
	$(Q)mkdir -p $(@D) && protoc-c --proto_path=$(<D) --c_out=$(@D) $(<F)

$(B)/obj/gen/onnx.pb-c.o $(B)/asan/obj/gen/onnx.pb-c.o $(B)/fuzz/obj/gen/onnx.pb-c.o: \
    $(B)/gen/onnx.pb-c.c $(B)/flags
	$(call say,CC,$<)
	$(Q)mkdir -p $(@D) && $(CC) -std=c11 -g $(OPT) $(GEN_FLAGS) -c -o $@ $<
$(B)/obj/gen/onnx.pb-c.o: GEN_FLAGS := $(PIC)
$(B)/asan/obj/gen/onnx.pb-c.o: GEN_FLAGS := $(ASAN)
$(B)/fuzz/obj/gen/onnx.pb-c.o: GEN_FLAGS = $(FUZZ_FLAGS)

$(B)/libtrine_sw.a: $(B)/obj/gen/onnx.pb-c.o
$(B)/asan/libtrine_sw.a: $(B)/asan/obj/gen/onnx.pb-c.o
$(B)/fuzz/libtrine_sw.a: $(B)/fuzz/obj/gen/onnx.pb-c.o
