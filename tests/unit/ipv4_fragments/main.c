/* SPDX-License-Identifier: ISC */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "tests/unit/ipv4_fragments/bench.h"

int main(void)
{
	return test_whole() + test_attacks() + test_bounds();
}
