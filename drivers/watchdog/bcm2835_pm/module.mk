MODULES                              += drivers/watchdog/bcm2835_pm
drivers/watchdog/bcm2835_pm.sources  := bcm2835_pm.c
drivers/watchdog/bcm2835_pm.requires := base arch/include hal
