FUZZERS           += inet
inet_fuzz.modules := base
inet_fuzz.sources := tests/fuzz/fuzz_inet.c
inet_fuzz.flags   := -max_len=64
