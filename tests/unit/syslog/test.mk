UNIT_TESTS          += syslog
syslog_test.modules := base net/udp net/syslog
syslog_test.sources := tests/unit/syslog/test_syslog.c tests/fakes/udp_fake.c
