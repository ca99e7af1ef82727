# The same tests with the sizes of the smallest images: two connections, four packets in each pool. For TCP
# the property tests have scenarios of their own (scenario_draw_smallest).
smallest := dhcp http ipv4 ipv4_address dns sntp

define smallest_test
UNIT_TESTS                += smallest_$(1)
smallest_$(1)_test.modules = $$($(1)_test.modules)
smallest_$(1)_test.sources = $$($(1)_test.sources)
smallest_$(1)_test.flags  := -DRIG_SMALLEST
endef
$(foreach t,$(smallest),$(eval $(call smallest_test,$(t))))
