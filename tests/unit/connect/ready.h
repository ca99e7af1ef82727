/* SPDX-License-Identifier: ISC */
#ifndef TESTS_UNIT_CONNECT_READY_H
#define TESTS_UNIT_CONNECT_READY_H

/* The tests of addresses of ours that come late. Returns how many failed. */
int run_ready_tests(void);

#endif
