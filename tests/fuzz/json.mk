FUZZERS           += json
json_fuzz.modules := base net/json
json_fuzz.sources := tests/fuzz/fuzz_json.c
json_fuzz.flags   := -max_len=1024
