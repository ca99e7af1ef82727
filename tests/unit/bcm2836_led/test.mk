UNIT_TESTS               += bcm2836_led
bcm2836_led_test.modules := drivers/gpio/rpi_expander
bcm2836_led_test.sources := tests/unit/bcm2836_led/test_bcm2836_led.c boards/soc/bcm2836/gpio.c
