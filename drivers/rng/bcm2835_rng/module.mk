MODULES                           += drivers/rng/bcm2835_rng
drivers/rng/bcm2835_rng.sources   := bcm2835_rng.c
drivers/rng/bcm2835_rng.requires  := base hal arch/include
