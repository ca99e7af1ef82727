UNIT_TESTS        += nvic
nvic_test.modules := drivers/irq/nvic
nvic_test.sources := tests/unit/nvic/test_nvic.c
