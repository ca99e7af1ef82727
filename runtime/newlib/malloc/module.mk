MODULES += runtime/newlib/malloc
runtime/newlib/malloc.sources  := malloc.c
runtime/newlib/malloc.requires := runtime/heap base
