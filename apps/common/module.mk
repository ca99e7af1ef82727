MODULES              += apps/common
apps/common.sources  := wiring.c
apps/common.requires := base hal runtime runtime/heap runtime/loop runtime/random net/stack net/tcp
