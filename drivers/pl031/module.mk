MODULES               += drivers/pl031
drivers/pl031.sources  := pl031.c
drivers/pl031.requires := base hal arch/include
