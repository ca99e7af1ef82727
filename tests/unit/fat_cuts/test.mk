UNIT_TESTS            += fat_cuts
fat_cuts_test.modules := base hal storage/fat
fat_cuts_test.sources := tests/unit/fat_cuts/test_fat_cuts.c tests/unit/fat/rig.c \
                         tests/fakes/disk_memory.c tests/fakes/fat_format.c
