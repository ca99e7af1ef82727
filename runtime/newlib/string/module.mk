MODULES += runtime/newlib/string
runtime/newlib/string.sources  := memory.c string.c
runtime/newlib/string.requires := base
# Or the compiler would find memcpy() in memcpy().
runtime/newlib/string.cflags   := -fno-builtin -fno-tree-loop-distribute-patterns
