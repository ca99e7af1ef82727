MODULES      += hal
hal.sources  := netif_counters.c netif_features.c
hal.requires := arch/include base
