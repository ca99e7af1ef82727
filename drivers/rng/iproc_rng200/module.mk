MODULES                          += drivers/rng/iproc_rng200
drivers/rng/iproc_rng200.sources  := iproc_rng200.c
drivers/rng/iproc_rng200.requires := base hal arch/include
