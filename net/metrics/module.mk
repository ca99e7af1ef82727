MODULES              += net/metrics
net/metrics.sources  := metrics.c
net/metrics.requires := base hal net/http
