# Getting an image onto hardware: `make sdcard`.
#
# A board that starts from a memory card names in its board.mk
#   CARD_KERNEL         what the firmware calls the image
#   CARD_FILES          files of the board's folder for the card
#   CARD_FIRMWARE       the firmware's own files, which are not part of the tree
#   CARD_FIRMWARE_FROM  where those are found

CARD_BOARDS := $(patsubst boards/%/board.mk,%,$(shell grep -l '^CARD_KERNEL' boards/*/board.mk))
CARD        ?= $(OUT)/$(APP)/sdcard.img

# A board without one is told before anything is built.
sdcard: $(if $(CARD_KERNEL),all)
	@$(PYTHON) tools/sdcard.py --board=$(BOARD) --boards='$(CARD_BOARDS)' --image=$(IMG).img \
	    --kernel=$(CARD_KERNEL) $(CARD_FILES:%=--file=boards/$(BOARD)/%) --needs='$(CARD_FIRMWARE)' \
	    --needs-from=$(call quote,$(CARD_FIRMWARE_FROM)) --firmware=$(call quote,$(FIRMWARE)) \
	    --args=$(call quote,$(ARGS)) --mib=$(call quote,$(MIB)) --output=$(call quote,$(CARD)) $(CALLER:%=--caller=%)

.PHONY: sdcard
