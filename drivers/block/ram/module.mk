MODULES                    += drivers/block/ram
drivers/block/ram.sources  := ram_disk.c
drivers/block/ram.requires := base hal
