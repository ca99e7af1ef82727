MODULES                 += runtime/stacks
runtime/stacks.sources  := stacks.c
runtime/stacks.requires := arch/include base hal runtime runtime/fiber
