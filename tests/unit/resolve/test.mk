UNIT_TESTS           += resolve
resolve_test.modules := base
resolve_test.sources := tests/unit/resolve/test_resolve.c tests/unit/fiber/world.c \
                        tests/fakes/machine.c runtime/fiber/resolve.c runtime/fiber/fiber.c \
                        runtime/fiber/fiber_stack.c runtime/loop/loop.c runtime/loop/timeout.c \
                        runtime/time.c runtime/heap/heap.c arch/host/context.c arch/host/mmu.c
