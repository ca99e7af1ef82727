MODULES              += arch/armv7a
arch/armv7a.sources  := boot.c cpu.c entry.S fault.c mmu.c string.S vectors.S
arch/armv7a.requires := arch/arm base arch/include
# Part of it runs before the MMU does, when memory allows no unaligned access.
arch/armv7a.cflags   := -mno-unaligned-access
