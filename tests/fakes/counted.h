/* SPDX-License-Identifier: ISC */
/*
 * What a layer has counted. Objects of an image that does not count have no room for it
 * (base/counter.h): there is nothing to look at then, and tests go by what else is seen.
 */
#ifndef TESTS_FAKES_COUNTED_H
#define TESTS_FAKES_COUNTED_H

#ifdef WITHOUT_COUNTERS
#define assert_counted(MEMBER, NUMBER) ((void)0)
#else
#define assert_counted(MEMBER, NUMBER) assert_int_equal(MEMBER, NUMBER)
#endif

#endif
