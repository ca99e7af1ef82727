UNIT_TESTS        += args
args_test.modules := base
args_test.sources := $(addprefix tests/unit/args/,main.c keys.c values.c lists.c faults.c help.c types.c) \
                     $(addprefix runtime/,args.c args_address.c args_check.c args_help.c args_list.c args_log.c \
                       args_number.c args_text.c args_types.c console.c) tests/fakes/console.c
