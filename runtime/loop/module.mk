MODULES += runtime/loop
runtime/loop.sources  := loop.c timeout.c
runtime/loop.requires := runtime runtime/fiber base hal arch/include
