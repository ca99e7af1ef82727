UNIT_TESTS                   += watchdog_feeder
watchdog_feeder_test.modules := base
watchdog_feeder_test.sources := tests/unit/watchdog_feeder/test_watchdog_feeder.c tests/fakes/machine.c \
                                runtime/watchdog_feeder/watchdog_feeder.c runtime/loop/loop.c runtime/loop/timeout.c runtime/time.c
