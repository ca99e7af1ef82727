UNIT_TESTS        += loop
loop_test.modules :=
loop_test.sources := tests/unit/loop/test_loop.c tests/unit/loop/machine.c runtime/loop/timeout.c runtime/time.c
