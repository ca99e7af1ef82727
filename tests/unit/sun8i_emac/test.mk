UNIT_TESTS              += sun8i_emac
sun8i_emac_test.modules := base drivers/dma/dma_sync drivers/net/mac drivers/net/phy
sun8i_emac_test.sources := tests/fakes/cache_fake.c tests/fakes/phy_fake.c tests/fakes/mac_fake.c tests/fakes/mac_rig.c tests/fakes/mac_tests.c tests/fakes/sun8i_emac_fake.c \
    tests/fakes/sun8i_emac_fake_mmio.c tests/unit/sun8i_emac/rig.c tests/unit/sun8i_emac/test_start.c \
    tests/unit/sun8i_emac/test_link.c tests/unit/sun8i_emac/test_send.c tests/unit/sun8i_emac/test_receive.c \
    tests/unit/sun8i_emac/test_faults.c tests/unit/sun8i_emac/main.c
