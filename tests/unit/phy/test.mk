UNIT_TESTS       += phy
phy_test.modules := base drivers/net/phy
phy_test.sources := tests/unit/phy/test_phy.c tests/fakes/phy_fake.c
