UNIT_TESTS       += tap
tap_test.modules := drivers/net/vnet base
tap_test.sources := tests/unit/tap/test_tap.c drivers/net/tap/tap.c
