MODULES               += drivers/arm_timer
drivers/arm_timer.sources  := arm_timer.c
drivers/arm_timer.requires := base hal arch/include
