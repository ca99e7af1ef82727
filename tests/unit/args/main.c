/* SPDX-License-Identifier: ISC */
#include "tests/unit/args/keys.h"

int main(void)
{
	int failed = args_values() + args_lists() + args_faults() + args_help() + args_types();
	return failed > 0;
}
