UNIT_TESTS        += sntp
sntp_test.modules := base net/udp net/sntp
sntp_test.sources := tests/unit/sntp/test_sntp.c tests/fakes/udp_fake.c
