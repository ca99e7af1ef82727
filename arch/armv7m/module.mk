MODULES              += arch/armv7m
arch/armv7m.sources  := cpu.c entry.S fault.c fault_cause.c mpu.c start.c
arch/armv7m.requires := arch/arm base arch/include
