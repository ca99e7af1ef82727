/* SPDX-License-Identifier: ISC */
#ifndef APPS_SELFTEST_SELFTEST_H
#define APPS_SELFTEST_SELFTEST_H

#include "hal/rng.h"
#include "hal/timer.h"

/* Runs all checks, one line each, of these and of the runtime; returns how many failed. */
int run_checks(struct timer *timer, struct rng *rng);

/* Crashes in the way named; returns only if there is no such way. */
void crash(const char *way);

/* The ways, for messages. */
extern const char crash_ways[];

#endif
