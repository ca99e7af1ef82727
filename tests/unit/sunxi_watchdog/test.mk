UNIT_TESTS                  += sunxi_watchdog
sunxi_watchdog_test.modules :=
sunxi_watchdog_test.sources := tests/unit/sunxi_watchdog/test_sunxi_watchdog.c
