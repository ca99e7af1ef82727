/* SPDX-License-Identifier: ISC */
#include "tests/unit/dhcp/bench.h"

#define RUN(group) _cmocka_run_group_tests(#group, group##_tests, n_##group##_tests, NULL, NULL)

int main(void)
{
	int failed = RUN(leases);
	failed += RUN(renewing);
	failed += RUN(options);
	return failed;
}
