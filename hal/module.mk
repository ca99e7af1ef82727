MODULES      += hal
hal.sources  := block.c irq.c kv_key.c kv_table.c netif_counters.c netif_features.c
hal.requires := arch/include base
