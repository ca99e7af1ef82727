UNIT_TESTS              += flash_disk
flash_disk_test.modules := base storage/flash_disk
flash_disk_test.sources := tests/unit/flash_disk/test_flash_disk.c tests/fakes/disk_memory.c
