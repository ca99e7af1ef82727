UNIT_TESTS          += printf
printf_test.modules :=
printf_test.sources := tests/unit/printf/test_printf.c base/divide.c
