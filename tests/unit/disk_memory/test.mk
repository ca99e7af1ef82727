UNIT_TESTS               += disk_memory
disk_memory_test.modules := base
disk_memory_test.sources := tests/unit/disk_memory/test_disk_memory.c tests/fakes/disk_memory.c
