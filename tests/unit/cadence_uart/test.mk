UNIT_TESTS                += cadence_uart
cadence_uart_test.modules := base drivers/uart/polled
cadence_uart_test.sources := tests/unit/cadence_uart/test_cadence_uart.c
