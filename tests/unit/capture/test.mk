UNIT_TESTS           += capture
capture_test.modules := base net/http net/capture
capture_test.sources := tests/unit/capture/test_capture.c tests/fakes/flow_fake.c \
                        tests/fakes/netif_fake.c
