MODULES                          += runtime/watchdog_feeder
runtime/watchdog_feeder.sources  := watchdog_feeder.c
runtime/watchdog_feeder.requires := base hal
