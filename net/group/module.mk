MODULES            += net/group
net/group.sources  := message.c reporter.c table.c
net/group.requires := base hal net/eth net/ip
