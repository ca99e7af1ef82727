MODULES                += drivers/apic
drivers/apic.sources   := apic.c
drivers/apic.requires  := arch/include base hal
