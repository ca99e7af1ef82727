MODULES          += arch/x86
arch/x86.sources  := checksum.c
arch/x86.requires := base
