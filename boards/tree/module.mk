MODULES              += boards/tree
boards/tree.sources  := atags.c loader.c seed.c start.c tree.c tree_memory.c
boards/tree.requires := base hal arch/include boards/common
