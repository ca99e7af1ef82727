UNIT_TESTS                     += block_conformance
block_conformance_test.modules := base hal drivers/block/ram drivers/block/file
block_conformance_test.sources := tests/fakes/disk_fake.c tests/unit/block_conformance/block_conformance.c \
    tests/unit/block_conformance/test_block_conformance.c
