UNIT_TESTS                += rpi_firmware
rpi_firmware_test.modules :=
rpi_firmware_test.sources := tests/unit/rpi_firmware/test_rpi_firmware.c
