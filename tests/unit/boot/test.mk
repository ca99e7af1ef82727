UNIT_TESTS        += boot
boot_test.modules :=
boot_test.sources := tests/unit/boot/test_boot.c runtime/time.c
