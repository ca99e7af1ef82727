UNIT_TESTS            += dma_sync
dma_sync_test.modules := drivers/dma/dma_sync
dma_sync_test.sources := tests/fakes/cache_fake.c tests/unit/dma_sync/test_dma_sync.c
