FUZZERS          += fat
fat_fuzz.modules := base hal storage/fat
fat_fuzz.sources := tests/fuzz/fuzz_fat.c tests/fakes/disk_memory.c tests/fakes/fat_format.c
fat_fuzz.flags   := -max_len=16384
