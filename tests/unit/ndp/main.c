/* SPDX-License-Identifier: ISC */
#include "tests/unit/ndp/bench.h"

#define RUN(group) _cmocka_run_group_tests(#group, group##_tests, n_##group##_tests, NULL, NULL)

int main(void)
{
	int failed = RUN(addresses);
	failed += RUN(neighbours);
	failed += RUN(routers);
	failed += RUN(redirects);
	failed += RUN(servers);
	return failed;
}
