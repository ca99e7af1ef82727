UNIT_TESTS           += lan9118
lan9118_test.modules := base hal
lan9118_test.sources := tests/unit/lan9118/test_lan9118.c tests/fakes/lan9118_fake.c tests/fakes/lan9118_fake_mmio.c
