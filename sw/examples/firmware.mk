# SPDX-License-Identifier: Apache-2.0
# firmware.mk: runtime and image alone: for rv32imac, with its sizes, and on the simulated chip.

FIRMWARE := $(B)/firmware
FIRMWARE_RUNTIME := $(call src,driver/runtime driver/image) driver/program/assemble.c \
  driver/program/list.c driver/program/encode.c driver/backend_direct.c
FIRMWARE_CC := riscv64-unknown-elf-gcc -march=rv32imac -mabi=ilp32 --specs=picolibc.specs -Os \
  -msave-restore -ffunction-sections -fdata-sections -std=c11 $(WARN) -Idriver \
  -Isw/examples/firmware
FIRMWARE_DIR := sw/examples/firmware

$(FIRMWARE)/model.c: $(B)/trine tests/models/vad.tflite
	$(Q)mkdir -p $(@D) && $(B)/trine compile tests/models/vad.tflite --config duo --steps 8 -o $@
$(FIRMWARE)/rv32.elf: $(FIRMWARE)/model.c $(FIRMWARE_RUNTIME) $(wildcard $(FIRMWARE_DIR)/*.[ch]) \
    $(wildcard driver/*.h driver/*/*.h)
	$(call say,RV32,$@)
	$(Q)$(FIRMWARE_CC) -I$(FIRMWARE) -Wl,--gc-sections -Wl,-Map=$(FIRMWARE)/rv32.map \
	  -Wl,--defsym=__flash=0x20000000 -Wl,--defsym=__flash_size=0x400000 \
	  -Wl,--defsym=__ram=0x80000000 -Wl,--defsym=__ram_size=0x100000 -o $@ \
	  $(FIRMWARE_DIR)/firmware.c $(FIRMWARE_DIR)/board_rv32.c $(FIRMWARE)/model.c \
	  $(FIRMWARE_RUNTIME)
$(FIRMWARE)/sim: $(FIRMWARE)/model.c $(FIRMWARE_DIR)/firmware.c $(FIRMWARE_DIR)/board_sim.c \
    $(B)/libtrine_sw.a $(B)/libtrine_driver.a
	$(call say,LINK,$@)
	$(Q)$(CC) $(CFLAGS) $(INCLUDES) -I$(FIRMWARE) -I$(FIRMWARE_DIR) -c -o $@-main.o \
	  $(FIRMWARE_DIR)/firmware.c
	$(Q)$(CC) $(CFLAGS) $(INCLUDES) -I$(FIRMWARE_DIR) -c -o $@-board.o \
	  $(FIRMWARE_DIR)/board_sim.c
	$(Q)$(CC) $(CFLAGS) -I$(FIRMWARE) -c -o $@-model.o $(FIRMWARE)/model.c
	$(Q)$(CXX) -o $@ $@-main.o $@-board.o $@-model.o -Wl,--start-group $(filter %.a,$^) \
	  -Wl,--end-group $(LDLIBS)

TEST_BUILD += $(FIRMWARE)/rv32.elf $(FIRMWARE)/sim

.PHONY: firmware
## firmware: a bare-metal program of runtime and image, its sizes on rv32imac, and run on the chip
firmware: $(FIRMWARE)/rv32.elf $(FIRMWARE)/sim $(addprefix $(B)/libtrine_sim_,duo.so nano.so)
	@sh $(FIRMWARE_DIR)/size.sh $(FIRMWARE)/rv32.elf $(FIRMWARE)/rv32.map
	@TRINE_LIB_DIR=$(B) $(FIRMWARE)/sim && echo 'the sample on the simulated chip: exact'
	@sh $(FIRMWARE_DIR)/image.sh
