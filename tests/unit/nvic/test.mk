UNIT_TESTS        += nvic
nvic_test.modules :=
nvic_test.sources := tests/unit/nvic/test_nvic.c
