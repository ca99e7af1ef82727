/* SPDX-License-Identifier: ISC */
/* checks of the runtime on the board itself, and crashes on demand */
#include <fata/config.h>

void configure(void)
{
	key crash = key_string("crash", "", "crash instead of checking, in the way named");

	argument_block(128);
	unikernel("selftest", job("selftest", default_timer(), default_rng(), crash));
}
