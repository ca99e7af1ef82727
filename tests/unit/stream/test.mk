UNIT_TESTS          += stream
stream_test.modules := base
stream_test.sources := tests/unit/stream/test_stream.c tests/unit/fiber/world.c \
                       tests/fakes/machine.c tests/fakes/flow_fake.c runtime/stream.c \
                       runtime/fiber.c runtime/fiber_stack.c runtime/loop.c runtime/timeout.c \
                       runtime/heap.c arch/host/context.c arch/host/mmu.c
