FUZZERS                += log_store
log_store_fuzz.modules := base hal storage/log
log_store_fuzz.sources := tests/fuzz/fuzz_log_store.c tests/fakes/flash_memory.c
log_store_fuzz.flags   := -max_len=2048
