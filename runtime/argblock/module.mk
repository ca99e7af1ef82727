MODULES += runtime/argblock
runtime/argblock.sources  := argblock.c
runtime/argblock.requires := runtime base
