MODULES               += drivers/rtc/pl031
drivers/rtc/pl031.sources  := pl031.c
drivers/rtc/pl031.requires := base hal arch/include
