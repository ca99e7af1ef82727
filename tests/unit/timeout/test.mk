UNIT_TESTS           += timeout
timeout_test.modules :=
timeout_test.sources := tests/unit/timeout/test_timeout.c runtime/loop/timeout.c
