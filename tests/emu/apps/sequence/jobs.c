/* SPDX-License-Identifier: ISC */
#include "runtime/console.h"
#include "unikernel.h"

int one(uint32_t status)
{
	console_write("one\n");
	return (int)status;
}

int two(void)
{
	console_write("two\n");
	return 5;
}

int three(void)
{
	console_write("three\n");
	return 0;
}
