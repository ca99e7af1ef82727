/* SPDX-License-Identifier: ISC */
/* An image that watches its stacks. */
#include <fata/config.h>

void configure(void)
{
	unikernel("stacks", job("use_stacks", watched_stacks()));
}
