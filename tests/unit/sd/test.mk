UNIT_TESTS      += sd
sd_test.modules := base hal drivers/block/sd drivers/dma/dma_sync
sd_test.sources := tests/fakes/bcm2835_dma_fake.c tests/fakes/bcm2835_dma_fake_mmio.c tests/fakes/cache_fake.c \
    tests/fakes/pl181_fake.c tests/fakes/pl181_fake_mmio.c tests/fakes/sd_fake.c tests/fakes/sd_machine.c tests/fakes/sdhci_fake.c \
    tests/fakes/sdhci_fake_mmio.c tests/fakes/sdhost_fake.c tests/fakes/sdhost_fake_mmio.c \
    tests/fakes/sunxi_mmc_fake.c tests/fakes/sunxi_mmc_fake_mmio.c \
    tests/unit/sd/rig.c tests/unit/sd/test_identify.c tests/unit/sd/test_mmc.c tests/unit/sd/test_transfer.c \
    tests/unit/sd/test_hosts.c tests/unit/sd/test_pl181.c tests/unit/sd/test_registers.c tests/unit/sd/main.c
