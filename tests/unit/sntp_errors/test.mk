UNIT_TESTS               += sntp_errors
sntp_errors_test.modules := base net/udp net/sntp
sntp_errors_test.sources := tests/unit/sntp_errors/test_sntp_errors.c tests/fakes/udp_fake.c
