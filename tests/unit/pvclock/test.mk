UNIT_TESTS           += pvclock
pvclock_test.modules :=
pvclock_test.sources := tests/unit/pvclock/test_pvclock.c drivers/timer/x86_timer/pvclock.c
