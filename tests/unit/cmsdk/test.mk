UNIT_TESTS         += cmsdk
cmsdk_test.modules := drivers/timer/cmsdk_timer drivers/uart/cmsdk_uart drivers/uart/polled
cmsdk_test.sources := tests/unit/cmsdk/test_timer.c tests/unit/cmsdk/test_uart.c tests/unit/cmsdk/main.c
