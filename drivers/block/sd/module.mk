MODULES                   += drivers/block/sd
drivers/block/sd.sources  := sd_card.c sd_identify.c sd_registers.c sd_transfer.c
drivers/block/sd.requires := base hal arch/include
