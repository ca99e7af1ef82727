UNIT_TESTS        += vnet
vnet_test.modules := drivers/net/vnet base
vnet_test.sources := tests/unit/vnet/test_vnet.c
