MODULES          += runtime
runtime.sources  := args.c args_address.c args_help.c args_list.c args_log.c args_number.c args_text.c boot.c console.c \
                    devices.c image.c log.c panic.c start.c time.c
runtime.requires := base hal arch/include
