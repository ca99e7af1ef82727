MODULES                     += drivers/x86_timer
drivers/x86_timer.sources   := kvmclock.c pvclock.c rates.c x86_timer.c
drivers/x86_timer.requires  := arch/include base drivers/apic hal
