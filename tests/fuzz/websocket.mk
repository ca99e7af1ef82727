FUZZERS                += websocket
websocket_fuzz.modules := base net/http net/websocket
websocket_fuzz.sources := tests/fuzz/fuzz_websocket.c tests/fuzz/flow.c
websocket_fuzz.flags   := -max_len=4096
