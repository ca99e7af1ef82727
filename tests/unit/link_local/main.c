/* SPDX-License-Identifier: ISC */
#include "tests/unit/link_local/bench.h"

#define RUN(group) _cmocka_run_group_tests(#group, group##_tests, n_##group##_tests, NULL, NULL)

int main(void)
{
	int failed = RUN(claiming);
	failed += RUN(conflicts);
	failed += RUN(leases);
	return failed;
}
