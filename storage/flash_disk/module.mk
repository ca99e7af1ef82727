MODULES                     += storage/flash_disk
storage/flash_disk.sources  := flash_disk.c
storage/flash_disk.requires := base hal
