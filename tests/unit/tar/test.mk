UNIT_TESTS       += tar
tar_test.modules := base hal storage/tar
tar_test.sources  = tests/unit/tar/test_tar.c tests/unit/tar/test_hostile.c tests/unit/tar/tar_make.c \
                    tests/fakes/disk_memory.c $(KV_CONFORMANCE)
