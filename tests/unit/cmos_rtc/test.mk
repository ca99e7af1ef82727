UNIT_TESTS            += cmos_rtc
cmos_rtc_test.modules :=
cmos_rtc_test.sources := tests/unit/cmos_rtc/test_time.c drivers/rtc/cmos_rtc/cmos_rtc_time.c
