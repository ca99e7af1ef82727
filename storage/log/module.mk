MODULES              += storage/log
storage/log.sources  := append.c batch.c collect.c index.c list.c medium.c mount.c record.c replay.c settle.c start.c store.c \
                        value.c walk.c writer.c
storage/log.requires := base hal
