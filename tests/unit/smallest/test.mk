# The same tests with the sizes of the smallest images: two connections, and in each pool four packets or, behind the
# name, as many as one of the tests has under way at once (that of a batch of Ethernet 42). Those of ARP and of noted
# ways fill what may wait for neighbours, which is more than a hundred. For TCP the property tests have scenarios of
# their own (scenario_draw_smallest).
smallest := dhcp dns http icmp:21 igmp ipv4 ipv4_address sntp stack:42 udp:9

# $(call smallest_test,NAME,PACKETS)
define smallest_test
UNIT_TESTS                += smallest_$(1)
smallest_$(1)_test.modules = $$($(1)_test.modules)
smallest_$(1)_test.sources = $$($(1)_test.sources)
smallest_$(1)_test.rig    := -DRIG_SMALLEST=$(or $(2),4)
endef
$(foreach t,$(smallest),$(eval $(call smallest_test,$(firstword $(subst :, ,$(t))),$(word 2,$(subst :, ,$(t))))))
