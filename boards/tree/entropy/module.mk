MODULES                      += boards/tree/entropy
boards/tree/entropy.sources  := entropy.c
boards/tree/entropy.requires := base hal arch/include boards/tree drivers/rng/image_seed
