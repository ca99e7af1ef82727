MODULES         += net/ip
net/ip.sources  :=
net/ip.requires := base
