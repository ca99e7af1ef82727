UNIT_TESTS             += multihome
multihome_test.modules := base net/multihome net/udp
multihome_test.sources := tests/unit/multihome/test_multihome.c
