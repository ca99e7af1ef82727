/* SPDX-License-Identifier: ISC */
#include "tests/unit/ipv6/bench.h"

#define RUN(group) _cmocka_run_group_tests(#group, group##_tests, n_##group##_tests, NULL, NULL)

int main(void)
{
	int failed = RUN(addresses);
	failed += RUN(packets);
	failed += RUN(chain);
	failed += RUN(errors);
	failed += RUN(fragments);
	return failed;
}
