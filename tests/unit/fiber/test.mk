UNIT_TESTS         += fiber
fiber_test.modules :=
fiber_test.sources := tests/unit/fiber/test_fiber.c tests/unit/fiber/test_sync.c \
                      tests/unit/fiber/world.c tests/fakes/machine.c runtime/fiber/fiber.c \
                      runtime/fiber/fiber_stack.c runtime/fiber/sync.c runtime/loop/loop.c runtime/loop/timeout.c runtime/time.c \
                      runtime/heap/heap.c arch/host/context.c arch/host/mmu.c
