UNIT_TESTS        += base
base_test.modules := base
base_test.sources := tests/unit/base/test_base.c tests/fakes/crc32c_by_tables.c

# With the checksum of the machine that the test runs on.
UNIT_TESTS             += base_machine
base_machine_test.modules := base
base_machine_test.sources := tests/unit/base/test_base.c tests/fakes/crc32c_by_tables.c arch/x86/checksum.c
