MODULES             += runtime/kv
runtime/kv.sources  := kv_fiber.c kv_shared.c kv_shared_rw.c
runtime/kv.requires := base hal runtime/fiber runtime/loop
