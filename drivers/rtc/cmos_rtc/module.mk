MODULES                    += drivers/rtc/cmos_rtc
drivers/rtc/cmos_rtc.sources   := cmos_rtc.c cmos_rtc_time.c
drivers/rtc/cmos_rtc.requires  := arch/include base hal
