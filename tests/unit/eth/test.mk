UNIT_TESTS       += eth
eth_test.modules := base net/eth
eth_test.sources := tests/unit/eth/test_eth.c tests/fakes/netif_fake.c tests/fakes/frames.c
