FUZZERS           += http
http_fuzz.modules := base net/http
http_fuzz.sources := tests/fuzz/fuzz_http.c tests/fuzz/flow.c
http_fuzz.flags   := -max_len=8192
