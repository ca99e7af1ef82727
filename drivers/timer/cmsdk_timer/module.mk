MODULES                            += drivers/timer/cmsdk_timer
drivers/timer/cmsdk_timer.sources  := cmsdk_timer.c
drivers/timer/cmsdk_timer.requires := base hal arch/include
