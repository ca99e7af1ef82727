UNIT_TESTS           += connect
connect_test.modules := base net/connect
connect_test.sources := tests/unit/connect/test_connect.c tests/unit/connect/test_order.c \
                        tests/unit/connect/test_ready.c tests/unit/connect/world.c \
                        tests/fakes/flow_fake.c
