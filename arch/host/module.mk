MODULES            += arch/host
arch/host.sources  := context.c cpu.c entry.c fault.c irq.c mmu.c
arch/host.requires := base arch/include arch/x86
