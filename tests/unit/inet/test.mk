UNIT_TESTS        += inet
inet_test.modules := base
inet_test.sources := tests/unit/inet/test_inet.c
