UNIT_TESTS         += cache
cache_test.modules := base storage/cache
cache_test.sources := tests/unit/cache/test_cache.c tests/unit/disk_conformance/disk_conformance.c tests/fakes/disk_memory.c
