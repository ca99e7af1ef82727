MODULES                         += drivers/rng/image_seed
drivers/rng/image_seed.sources  := image_seed.c
drivers/rng/image_seed.requires := base
