MODULES += runtime/loop
runtime/loop.sources  := loop.c timeout.c
runtime/loop.requires := runtime base hal arch/include
