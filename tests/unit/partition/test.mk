UNIT_TESTS             += partition
partition_test.modules := base storage/partition
partition_test.sources := tests/fakes/disk_memory.c tests/unit/partition/test_partition.c
