UNIT_TESTS        += args
args_test.modules := base
args_test.sources := tests/unit/args/test_args.c tests/fakes/console.c runtime/args.c \
                     runtime/args_value.c runtime/args_help.c runtime/console.c
