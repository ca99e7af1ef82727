FUZZERS           += args
args_fuzz.modules := base
args_fuzz.sources := tests/fuzz/fuzz_args.c tests/fakes/console.c runtime/args.c \
                     runtime/args_address.c runtime/args_list.c runtime/args_log.c runtime/args_number.c runtime/args_text.c runtime/args_help.c runtime/console.c
args_fuzz.flags   := -max_len=512
