MODULES                += runtime/disk
runtime/disk.sources   := block_disk.c
runtime/disk.requires  := base hal runtime runtime/fiber runtime/loop
