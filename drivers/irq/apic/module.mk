MODULES                += drivers/irq/apic
drivers/irq/apic.sources   := apic.c
drivers/irq/apic.requires  := arch/include base hal
