UNIT_TESTS         += genet
genet_test.modules := base drivers/dma/dma_sync drivers/net/mac drivers/net/phy
genet_test.sources := tests/fakes/cache_fake.c tests/fakes/phy_fake.c tests/fakes/mac_fake.c tests/fakes/mac_rig.c tests/fakes/mac_tests.c tests/fakes/genet_fake.c \
    tests/fakes/genet_fake_mmio.c tests/unit/genet/rig.c \
    tests/unit/genet/test_start.c tests/unit/genet/test_link.c tests/unit/genet/test_send.c \
    tests/unit/genet/test_receive.c tests/unit/genet/test_faults.c tests/unit/genet/main.c
