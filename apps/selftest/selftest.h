/* SPDX-License-Identifier: ISC */
#ifndef APPS_SELFTEST_SELFTEST_H
#define APPS_SELFTEST_SELFTEST_H

/* Runs all checks, one line each; returns how many failed. */
int run_checks(void);

/* Crashes in the way named; returns only if there is no such way. */
void crash(const char *way);

/* The ways, for messages. */
extern const char crash_ways[];

#endif
