/* SPDX-License-Identifier: ISC */
/*
 * What the runtime provides to lower rooms, as unit tests see it: log lines are counted and the
 * last one is kept, and the last that warns or complains; a failed assertion reaches cmocka's
 * expect_assert_failure().
 */
#ifndef TESTS_FAKES_RUNTIME_H
#define TESTS_FAKES_RUNTIME_H

extern char fake_log_last[256];
extern unsigned fake_log_lines;
extern char fake_log_complaint[256];
extern unsigned fake_log_complaints;

#endif
