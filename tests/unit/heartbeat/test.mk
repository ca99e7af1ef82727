UNIT_TESTS             += heartbeat
heartbeat_test.modules := base
heartbeat_test.sources := tests/unit/heartbeat/test_heartbeat.c tests/fakes/gpio_fake.c runtime/heartbeat/heartbeat.c \
                          drivers/gpio/rpi_expander/rpi_expander.c
