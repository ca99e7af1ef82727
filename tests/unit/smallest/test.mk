# The same tests with the sizes of the smallest images: two connections, and in each pool four packets or, behind the
# name, as many as one of the tests has under way at once (that of a batch of Ethernet 42). For TCP the property tests
# have scenarios of their own (scenario_draw_smallest).
smallest := arp dhcp dns http icmp:21 igmp ipv4 ipv4_address ipv4_ways sntp stack:42 udp:9

# $(call smallest_test,NAME,PACKETS)
define smallest_test
UNIT_TESTS                += smallest_$(1)
smallest_$(1)_test.modules = $$($(1)_test.modules)
smallest_$(1)_test.sources = $$($(1)_test.sources)
smallest_$(1)_test.rig    := -DRIG_SMALLEST=$(or $(2),4)
endef
$(foreach t,$(smallest),$(eval $(call smallest_test,$(firstword $(subst :, ,$(t))),$(word 2,$(subst :, ,$(t))))))

# And with the structures of those images, as on a board of little memory that has no more network than a minimal IPv4,
# and those of `plain` count nothing (tools/mk/build.mk). What such an image does not do is not in their lists of tests.
plain         := arp dhcp eth icmp ipv4 ipv4_address ipv4_ways stack udp
plain_counted := http tcp

# $(call plain_test,NAME,VARIANT,FLAGS)
define plain_test
UNIT_TESTS              += plain_$(1)
plain_$(1)_test.modules  = $$($(1)_test.modules)
plain_$(1)_test.sources  = $$($(1)_test.sources) tests/unit/smallest/minimal.c
plain_$(1)_test.variant := $(2)
plain_$(1)_test.flags   := -DBOARD_IS_SMALL -DPLAIN_IPV4 $(3)
endef
$(foreach t,$(plain),$(eval $(call plain_test,$(t),plain,-DWITHOUT_COUNTERS -Wno-unused -Wno-unused-parameter -Wno-type-limits -Wno-array-bounds)))
$(foreach t,$(plain_counted),$(eval $(call plain_test,$(t),plain_counted,-Wno-unused -Wno-type-limits -Wno-array-bounds)))
