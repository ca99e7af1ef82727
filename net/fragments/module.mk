MODULES                += net/fragments
net/fragments.sources  := fragmenter.c reassembly.c reassembly_counters.c reassembly_whole.c
net/fragments.requires := base hal net/ip
