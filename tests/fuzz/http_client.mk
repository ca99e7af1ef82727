FUZZERS                  += http_client
http_client_fuzz.modules := base net/http net/http_client
http_client_fuzz.sources := tests/fuzz/fuzz_http_client.c tests/fuzz/flow.c
http_client_fuzz.flags   := -max_len=8192
