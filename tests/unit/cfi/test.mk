UNIT_TESTS       += cfi
cfi_test.modules := base
cfi_test.sources := drivers/flash/cfi/cfi_query.c tests/fakes/cfi_fake.c tests/fakes/cfi_fake_mmio.c tests/unit/cfi/test_cfi.c
