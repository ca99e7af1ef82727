MODULES              += storage/fat
storage/fat.sources  := cache.c chain.c check.c check_walk.c date.c dir.c dir_change.c fat.c fat_counters.c \
                        fat_write.c mount.c name.c path.c short_name.c table.c
storage/fat.requires := base hal
