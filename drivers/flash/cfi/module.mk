MODULES                    += drivers/flash/cfi
drivers/flash/cfi.sources  := cfi.c cfi_query.c
drivers/flash/cfi.requires := arch/include base hal
