UNIT_TESTS       += gem
gem_test.modules := base drivers/dma/dma_sync drivers/net/mac drivers/net/phy
gem_test.sources := tests/fakes/cache_fake.c tests/fakes/phy_fake.c tests/fakes/mac_fake.c tests/fakes/mac_rig.c tests/fakes/mac_tests.c tests/fakes/gem_fake.c tests/fakes/gem_fake_mmio.c \
    tests/unit/gem/rig.c tests/unit/gem/test_link.c tests/unit/gem/test_frames.c tests/unit/gem/test_faults.c \
    tests/unit/gem/main.c
