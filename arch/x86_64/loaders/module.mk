MODULES                      += arch/x86_64/loaders
arch/x86_64/loaders.sources  := loaders.c multiboot2.c multiboot2_header.S
arch/x86_64/loaders.requires := arch/include arch/x86_64 base
