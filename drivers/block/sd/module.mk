MODULES                   += drivers/block/sd
drivers/block/sd.sources  := mmc_identify.c sd_card.c sd_command.c sd_identify.c \
    sd_registers.c sd_transfer.c
drivers/block/sd.requires := base hal arch/include
