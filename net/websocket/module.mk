MODULES                += net/websocket
net/websocket.sources  := websocket.c websocket_frame.c websocket_handshake.c websocket_input.c \
                          websocket_output.c websocket_sha1.c websocket_counters.c
net/websocket.requires := base hal net/http
