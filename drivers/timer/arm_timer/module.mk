MODULES               += drivers/timer/arm_timer
drivers/timer/arm_timer.sources  := arm_timer.c
drivers/timer/arm_timer.requires := base hal arch/include
