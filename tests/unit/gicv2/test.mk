UNIT_TESTS         += gicv2
gicv2_test.modules := drivers/irq/gicv2 drivers/irq/gic
gicv2_test.sources := tests/unit/gicv2/test_gicv2.c
