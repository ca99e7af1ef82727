UNIT_TESTS        += base
base_test.modules := base
base_test.sources := tests/unit/base/test_base.c

# With the checksum of the machine that the test runs on.
UNIT_TESTS             += base_machine
base_machine_test.modules := base
base_machine_test.sources := tests/unit/base/test_base.c arch/x86/checksum.c
