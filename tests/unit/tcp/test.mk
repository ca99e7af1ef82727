UNIT_TESTS       += tcp
tcp_test.modules := net/tcp base
tcp_test.sources := $(sort $(wildcard tests/unit/tcp/*.c)) apps/services/services.c tests/fakes/ip_pipe.c
