UNIT_TESTS        += args
args_test.modules := base
args_test.sources := tests/unit/args/test_args.c tests/fakes/console.c runtime/args.c \
                     runtime/args_address.c runtime/args_number.c runtime/args_text.c runtime/args_help.c runtime/console.c
