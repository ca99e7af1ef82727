UNIT_TESTS       += fat
fat_test.modules := base hal storage/fat
fat_test.sources := tests/unit/fat/main.c tests/unit/fat/rig.c tests/unit/fat/test_damage.c \
                    tests/unit/fat/test_names.c tests/unit/fat/test_store.c \
                    tests/fakes/disk_memory.c tests/fakes/fat_format.c

UNIT_TESTS                   += fat_conformance
fat_conformance_test.modules := base hal storage/fat
fat_conformance_test.sources  = tests/unit/fat/rig.c tests/unit/fat/test_conformance.c tests/fakes/disk_memory.c \
                                tests/fakes/fat_format.c $(KV_CONFORMANCE)
