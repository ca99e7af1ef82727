MODULES                   += storage/embedded
storage/embedded.sources  := embedded.c
storage/embedded.requires := base hal
