UNIT_TESTS         += pl011
pl011_test.modules := drivers/uart/pl011 drivers/uart/polled drivers/rtc/pl031
pl011_test.sources := tests/unit/pl011/test_pl011.c
