FUZZERS                += partition
partition_fuzz.modules := base storage/partition
partition_fuzz.sources := tests/fuzz/fuzz_partition.c
partition_fuzz.flags   := -max_len=8192
