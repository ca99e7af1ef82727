/* SPDX-License-Identifier: ISC */
#include "tests/unit/cmsdk/cmsdk_test.h"

int main(void)
{
	return run_timer_tests() + run_uart_tests();
}
