MODULES                     += drivers/block/file
drivers/block/file.sources  := file_disk.c
drivers/block/file.requires := arch/host base hal
