FUZZERS          += tcp
tcp_fuzz.modules := base net/tcp
tcp_fuzz.sources := tests/fuzz/fuzz_tcp.c
tcp_fuzz.flags   := -max_len=2048
