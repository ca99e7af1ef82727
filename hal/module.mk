MODULES      += hal
hal.sources  := netif_counters.c
hal.requires := arch/include base
