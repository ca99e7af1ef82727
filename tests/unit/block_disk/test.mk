UNIT_TESTS              += block_disk
block_disk_test.modules := base hal runtime/disk storage/partition
block_disk_test.sources := tests/unit/block_disk/test_block_disk.c tests/unit/disk_conformance/disk_conformance.c \
    tests/unit/fiber/world.c tests/fakes/disk_fake.c tests/fakes/disk_memory.c tests/fakes/machine.c runtime/fiber/fiber.c \
    runtime/fiber/fiber_stack.c runtime/fiber/sync.c runtime/loop/loop.c runtime/loop/timeout.c runtime/time.c \
    runtime/heap/heap.c arch/host/context.c arch/host/mmu.c
