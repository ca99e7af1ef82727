FUZZERS           += sntp
sntp_fuzz.modules := base net/udp net/sntp
sntp_fuzz.sources := tests/fuzz/fuzz_sntp.c tests/fuzz/udp.c
sntp_fuzz.flags   := -max_len=600
