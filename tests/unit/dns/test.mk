UNIT_TESTS       += dns
dns_test.modules := base net/udp net/dns
dns_test.sources := $(addprefix tests/unit/dns/,main.c rig.c test_cache.c test_forgery.c \
                      test_messages.c test_names.c test_queries.c test_tcp.c) \
                    tests/fakes/flow_fake.c
