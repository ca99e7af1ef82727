MODULES              += net/capture
net/capture.sources  := capture.c pcapng.c
net/capture.requires := base hal net/http
