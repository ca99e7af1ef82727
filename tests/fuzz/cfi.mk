FUZZERS          += cfi
cfi_fuzz.modules := base
cfi_fuzz.sources := drivers/flash/cfi/cfi_query.c tests/fakes/cfi_fake_mmio.c tests/fuzz/fuzz_cfi.c
cfi_fuzz.flags   := -max_len=512
