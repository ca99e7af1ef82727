/* SPDX-License-Identifier: ISC */
#include "tests/unit/fat/rig.h"

int main(void)
{
	int failed = _cmocka_run_group_tests("names", names_tests, names_count, NULL, NULL);

	failed += _cmocka_run_group_tests("store", store_tests, store_count, NULL, NULL);
	return failed + _cmocka_run_group_tests("damage", damage_tests, damage_count, NULL, NULL);
}
