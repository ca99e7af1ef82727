UNIT_TESTS              += fiber_wake
fiber_wake_test.modules :=
fiber_wake_test.sources := tests/unit/fiber_wake/test_fiber_wake.c tests/unit/loop/machine.c \
                           runtime/fiber/fiber_stack.c runtime/heap/heap.c runtime/loop/timeout.c \
                           runtime/time.c arch/host/context.c arch/host/mmu.c
