UNIT_TESTS             += uart16550
uart16550_test.modules := drivers/uart/uart16550
uart16550_test.sources := tests/unit/uart16550/test_uart16550.c
