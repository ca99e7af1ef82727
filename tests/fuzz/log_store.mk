FUZZERS                += log_store
log_store_fuzz.modules := base hal storage/log
log_store_fuzz.sources := tests/fuzz/fuzz_log_store.c tests/fakes/flash_memory.c
log_store_fuzz.flags   := -max_len=2048

# Half of the time went into noting what the loops of checksums and of the fake compare.
LOG_STORE_FUZZ_OBJECTS := $(patsubst %.c,$(BUILD)/fuzz/obj/%.o,$(log_store_fuzz.sources) $(call module_sources,storage/log) \
                          base/crc32c.c base/siphash.c)
$(LOG_STORE_FUZZ_OBJECTS): FUZZ_CFLAGS += -fno-sanitize-coverage=trace-cmp
