UNIT_TESTS                  += stream_connect
stream_connect_test.modules := base
stream_connect_test.sources := tests/unit/stream_connect/test_stream_connect.c tests/unit/fiber/world.c \
                               tests/fakes/machine.c tests/fakes/flow_fake.c runtime/fiber/connect.c \
                               runtime/fiber/stream.c runtime/fiber/fiber.c runtime/fiber/fiber_stack.c \
                               runtime/loop/loop.c runtime/loop/timeout.c runtime/time.c \
                               runtime/heap/heap.c arch/host/context.c arch/host/mmu.c
