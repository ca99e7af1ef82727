UNIT_TESTS              += runtime_kv
runtime_kv_test.modules := base hal runtime/kv
runtime_kv_test.sources := tests/unit/runtime_kv/test_runtime_kv.c tests/unit/fiber/world.c \
                           tests/fakes/machine.c tests/fakes/kv_memory.c \
                           runtime/fiber/fiber.c runtime/fiber/fiber_stack.c runtime/fiber/sync.c \
                           runtime/loop/loop.c runtime/loop/timeout.c runtime/time.c \
                           runtime/heap/heap.c arch/host/context.c arch/host/mmu.c
