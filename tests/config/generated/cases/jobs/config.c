/* SPDX-License-Identifier: ISC */
/* Several jobs without the loop, one after the other; a device that stops; an argument block. */
#include <fata/config.h>

void configure(void)
{
	kv_t first = drawer(NULL), second = drawer("index");

	argument_block(128);
	unikernel("jobs", job("fill", first, second), job("count", second), job("nothing"));
}
