MODULES                                  += drivers/watchdog/sunxi_watchdog
drivers/watchdog/sunxi_watchdog.sources  := sunxi_watchdog.c
drivers/watchdog/sunxi_watchdog.requires := base hal arch/include
