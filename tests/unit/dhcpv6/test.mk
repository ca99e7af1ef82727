UNIT_TESTS          += dhcpv6
dhcpv6_test.modules := base net/udp net/dhcpv6
dhcpv6_test.sources := $(addprefix tests/unit/dhcpv6/,main.c messages.c client.c)
