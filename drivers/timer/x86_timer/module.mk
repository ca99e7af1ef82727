MODULES                     += drivers/timer/x86_timer
drivers/timer/x86_timer.sources   := kvmclock.c pvclock.c rates.c x86_timer.c
drivers/timer/x86_timer.requires  := arch/include base drivers/irq/apic hal
