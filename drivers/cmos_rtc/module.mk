MODULES                    += drivers/cmos_rtc
drivers/cmos_rtc.sources   := cmos_rtc.c cmos_rtc_time.c
drivers/cmos_rtc.requires  := arch/include base hal
