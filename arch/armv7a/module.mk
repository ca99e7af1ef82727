MODULES              += arch/armv7a
arch/armv7a.sources  := backtrace.c boot.c context.S context.c cpu.c entry.S fault.c mmu.c vectors.S
arch/armv7a.requires := base arch/include
# Part of it runs before the MMU does, when memory allows no unaligned access.
arch/armv7a.cflags   := -mno-unaligned-access
