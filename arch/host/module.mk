MODULES            += arch/host
arch/host.sources  := checksum.c context.c cpu.c entry.c fault.c irq.c mmu.c
arch/host.requires := base arch/include
