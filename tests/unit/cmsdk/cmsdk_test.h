/* SPDX-License-Identifier: ISC */
/* The devices of the Cortex-M System Design Kit, with registers in ordinary memory. */
#ifndef TESTS_UNIT_CMSDK_CMSDK_TEST_H
#define TESTS_UNIT_CMSDK_CMSDK_TEST_H

int run_timer_tests(void);
int run_uart_tests(void);

#endif
