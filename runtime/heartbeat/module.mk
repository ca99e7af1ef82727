MODULES                    += runtime/heartbeat
runtime/heartbeat.sources  := heartbeat.c
runtime/heartbeat.requires := base hal
