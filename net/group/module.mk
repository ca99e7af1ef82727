MODULES            += net/group
net/group.sources  := reporter.c
net/group.requires := base hal
