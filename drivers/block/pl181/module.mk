MODULES                      += drivers/block/pl181
drivers/block/pl181.sources  := pl181.c pl181_transfer.c
drivers/block/pl181.requires := base hal arch/include drivers/block/sd
