UNIT_TESTS         += pl011
pl011_test.modules := drivers/pl011 drivers/pl031
pl011_test.sources := tests/unit/pl011/test_pl011.c
