UNIT_TESTS               += bcm2836_irq
bcm2836_irq_test.modules := drivers/irq/bcm2836_irq
bcm2836_irq_test.sources := tests/unit/bcm2836_irq/test_bcm2836_irq.c
