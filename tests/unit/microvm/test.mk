UNIT_TESTS           += microvm
microvm_test.modules :=
microvm_test.sources := tests/unit/microvm/test_devices.c boards/soc/microvm/devices.c
