MODULES          += runtime
runtime.sources  := args.c args_address.c args_help.c args_number.c args_text.c boot.c console.c csprng.c fiber.c fiber_stack.c \
                    heap.c log.c loop.c memory.c panic.c random.c start.c stream.c sync.c timeout.c
runtime.requires := base hal arch/include
