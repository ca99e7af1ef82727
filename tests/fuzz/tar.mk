FUZZERS          += tar
tar_fuzz.modules := base hal storage/tar
tar_fuzz.sources := tests/fuzz/fuzz_tar.c
tar_fuzz.flags   := -max_len=16384
