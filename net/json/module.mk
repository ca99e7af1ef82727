MODULES           += net/json
net/json.sources  := json.c
net/json.requires := base
