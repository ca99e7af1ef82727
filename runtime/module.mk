MODULES          += runtime
runtime.sources  := args.c args_address.c args_help.c args_number.c args_text.c boot.c console.c log.c panic.c start.c
runtime.requires := base hal arch/include runtime/heap runtime/loop runtime/fiber
