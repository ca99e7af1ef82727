UNIT_TESTS             += websocket
websocket_test.modules := base net/http net/websocket
websocket_test.sources := tests/unit/websocket/main.c tests/unit/websocket/rig.c \
                          tests/unit/websocket/test_parts.c tests/unit/websocket/test_messages.c \
                          tests/unit/websocket/test_closing.c tests/fakes/flow_fake.c
