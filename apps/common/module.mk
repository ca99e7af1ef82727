MODULES              += apps/common
apps/common.sources  := wiring.c
apps/common.requires := base hal runtime net/stack net/tcp
