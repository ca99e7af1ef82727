MODULES              += boards/tree
boards/tree.sources  := tree.c tree_memory.c
boards/tree.requires := base
