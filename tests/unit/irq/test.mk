UNIT_TESTS       += irq
irq_test.modules :=
irq_test.sources := tests/unit/irq/test_irq.c
