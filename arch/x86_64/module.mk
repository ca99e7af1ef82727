MODULES              += arch/x86_64
arch/x86_64.sources  := context.c cpu.c entry.S fault.c mmu.c pvh.c start.c string.S switch.S traps.c vectors.S
arch/x86_64.requires := arch/include arch/x86 base
