MODULES += runtime/fiber
runtime/fiber.sources  := connect.c fiber.c fiber_stack.c resolve.c stream.c sync.c
runtime/fiber.requires := runtime runtime/loop runtime/heap base hal arch/include
