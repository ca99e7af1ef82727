UNIT_TESTS           += bcm2836
bcm2836_test.modules := drivers/watchdog/bcm2835_pm
bcm2836_test.sources := tests/unit/bcm2836/test_bcm2836.c boards/tree/atags.c boards/tree/seed.c
