MODULES += runtime/random
runtime/random.sources  := csprng.c random.c
runtime/random.requires := runtime base hal arch/include
