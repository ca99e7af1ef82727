UNIT_TESTS                += bcm2835_gpio
bcm2835_gpio_test.modules :=
bcm2835_gpio_test.sources := tests/unit/bcm2835_gpio/test_bcm2835_gpio.c
