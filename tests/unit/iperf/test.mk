UNIT_TESTS         += iperf
iperf_test.modules := base
iperf_test.sources := tests/unit/iperf/test_iperf.c apps/iperf/udp_account.c
