# Getting an image onto hardware, and a debugger onto an image: `make sdcard`, `make disk`, `make flash`,
# `make debug`.
#
# A board that starts from a memory card names in its board.mk
#   CARD_KERNEL         what the firmware calls the image
#   CARD_FILES          files of the board's folder for the card
#   CARD_FIRMWARE       the firmware's own files, which are not part of the tree
#   CARD_FIRMWARE_FROM  where those are found
#   CARD_RAW            that of them which is no file on the card: NAME:OFFSET, the byte where it begins
#
# One that a BIOS starts from a disk has
#   DISK_LOADER         grub, which loads the image by Multiboot2
#
# One that OpenOCD knows has
#   OPENOCD             its options for probe and board
#   OPENOCD_FLASH       1 if it programs the board's flash memory; load where that is static memory
# and another probe is said on the command line, with OPENOCD='…'.

CARD_BOARDS := $(patsubst boards/%/board.mk,%,$(shell grep -l '^CARD_KERNEL' boards/*/board.mk))
CARD        ?= $(OUT)/$(APP)/sdcard.img

# A board without one is told before anything is built.
sdcard: $(if $(CARD_KERNEL),all)
	@$(PYTHON) tools/sdcard.py --board=$(BOARD) --boards='$(CARD_BOARDS)' --image=$(IMG).img \
	    --kernel=$(CARD_KERNEL) $(CARD_FILES:%=--file=boards/$(BOARD)/%) --needs='$(CARD_FIRMWARE)' \
	    --raw=$(CARD_RAW) --needs-from=$(call quote,$(CARD_FIRMWARE_FROM)) --firmware=$(call quote,$(FIRMWARE)) \
	    --args=$(call quote,$(ARGS)) --mib=$(call quote,$(MIB)) --output=$(call quote,$(CARD)) $(CALLER:%=--caller=%)

DISK_BOARDS := $(patsubst boards/%/board.mk,%,$(shell grep -l '^DISK_LOADER' boards/*/board.mk))
DISK        ?= $(OUT)/$(APP)/disk.img

disk: $(if $(DISK_LOADER),all)
	@$(PYTHON) tools/disk.py --board=$(BOARD) --boards='$(DISK_BOARDS)' --loader=$(DISK_LOADER) --image=$(IMG).elf \
	    --args=$(call quote,$(ARGS)) --mib=$(call quote,$(MIB)) --output=$(call quote,$(DISK)) $(CALLER:%=--caller=%)

flash: $(if $(OPENOCD_FLASH),all)
	@$(PYTHON) tools/openocd.py --board=$(BOARD) --openocd=$(call quote,$(OPENOCD)) --flash=$(OPENOCD_FLASH) \
	    --card=$(if $(CARD_KERNEL),1) --emulated=$(if $(QEMU)$(filter host,$(ARCH)),1) --args=$(call quote,$(ARGS)) \
	    $(CALLER:%=--caller=%) $(IMG).elf

debug: all
	@$(PYTHON) tools/debug.py $(GEN)/manifest.json $(RUN_OPTIONS) $(CALLER:%=--caller=%) \
	    --jtag=$(call quote,$(JTAG)) --openocd=$(call quote,$(OPENOCD))

.PHONY: sdcard disk flash debug
