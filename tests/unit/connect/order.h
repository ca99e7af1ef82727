/* SPDX-License-Identifier: ISC */
#ifndef TESTS_UNIT_CONNECT_ORDER_H
#define TESTS_UNIT_CONNECT_ORDER_H

/* The tests of the order of addresses. Returns how many failed. */
int run_order_tests(void);

#endif
