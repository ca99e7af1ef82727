MODULES += runtime/random
runtime/random.sources  := csprng.c csprng_short.c random.c
runtime/random.requires := runtime base hal arch/include
