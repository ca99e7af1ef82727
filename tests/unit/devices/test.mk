UNIT_TESTS           += devices
devices_test.modules :=
devices_test.sources := tests/unit/devices/test_devices.c tests/fakes/console.c runtime/devices.c \
                        runtime/console.c base/err.c base/text.c
