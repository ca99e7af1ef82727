UNIT_TESTS         += fiber
fiber_test.modules :=
fiber_test.sources := tests/unit/fiber/test_fiber.c tests/unit/fiber/test_sync.c \
                      tests/unit/fiber/world.c tests/fakes/machine.c runtime/fiber.c \
                      runtime/fiber_stack.c runtime/sync.c runtime/loop.c runtime/timeout.c \
                      runtime/heap.c arch/host/context.c arch/host/mmu.c
