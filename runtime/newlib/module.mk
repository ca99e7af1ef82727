MODULES += runtime/newlib
runtime/newlib.sources  := printf.c system.c
runtime/newlib.requires := runtime base
