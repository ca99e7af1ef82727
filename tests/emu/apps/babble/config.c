/* SPDX-License-Identifier: ISC */
/* A device whose interrupt nobody can end. */
#include <fata/config.h>

void configure(void)
{
	unikernel("babble", job("babble", default_timer(),
				key_u32("line", is_arch("armv7m") ? 9 : 34, "whose")));
}
