FUZZERS           += vnet
vnet_fuzz.modules := base drivers/net/vnet
vnet_fuzz.sources := tests/fuzz/fuzz_vnet.c
vnet_fuzz.flags   := -max_len=256
