MODULES += runtime/heap
runtime/heap.sources  := heap.c memory.c
runtime/heap.requires := runtime base hal
