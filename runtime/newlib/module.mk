MODULES                 += runtime/newlib
runtime/newlib.sources  := malloc.c printf.c system.c
runtime/newlib.requires := runtime base
