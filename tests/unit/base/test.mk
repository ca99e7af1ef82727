UNIT_TESTS        += base
base_test.modules := base
base_test.sources := tests/unit/base/test_base.c
